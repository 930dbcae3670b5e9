package io.foedus.controller.rounds.control;

import io.foedus.controller.rounds.entity.Round;
import io.foedus.controller.sessions.entity.Session;
import io.foedus.core.models.Digest;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Optional;

/** Which model an update started from that is some models old: the base of the round so many numbers before. */
@Dependent
class Origins {
    @Inject
    EntityManager entities;

    /** Empty for an update that started from the round's own base. */
    Optional<Digest> of(Session session, Round round, int staleness) {
        if (staleness == 0) {
            return Optional.empty();
        }
        List<?> found = entities.createNativeQuery("SELECT m.digest FROM round r JOIN model m ON m.id = r.base_model_id"
                        + " WHERE r.session_id = ?1 AND r.number = ?2 ORDER BY r.attempt LIMIT 1")
                .setParameter(1, session.id())
                .setParameter(2, round.number() - staleness)
                .getResultList();
        return found.stream().findFirst().map(digest -> new Digest((String) digest));
    }
}
