package io.foedus.controller.combiners.boundary;

import io.foedus.controller.events.boundary.Events;
import io.foedus.controller.events.entity.Event.About;
import io.foedus.controller.identity.entity.AccessPolicy;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.core.exchange.CombinerEvent;
import io.foedus.core.text.Printable;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.UUID;

/** Takes notices of combiners into the events of the alliance that they are about. */
@Stateless
public class CombinerLog {
    private static final int MOST_AT_ONCE = 1_000;
    private static final int LONGEST_KIND = 100;

    @Inject
    EntityManager entities;

    @Inject
    Events events;

    /** Adds them; what is beyond the first thousand is left out. */
    public void add(Actor actor, UUID combiner, List<CombinerEvent> notices) {
        AccessPolicy.require(actor, Action.COMBINE);
        for (CombinerEvent notice : notices.subList(0, Math.min(MOST_AT_ONCE, notices.size()))) {
            events.add(
                    notice.severity(),
                    Printable.line(notice.kind(), LONGEST_KIND),
                    notice.message(),
                    about(combiner, notice),
                    notice.data());
        }
    }

    private About about(UUID combiner, CombinerEvent notice) {
        Object[] round = notice.roundId() == null
                ? null
                : row(
                        "SELECT s.alliance_id, s.id FROM round r JOIN session s ON s.id = r.session_id WHERE r.id = ?1",
                        notice.roundId());
        Object[] client = notice.clientId() == null
                ? null
                : row("SELECT alliance_id, id FROM client WHERE id = ?1", notice.clientId());
        UUID alliance = round != null ? (UUID) round[0] : client != null ? (UUID) client[0] : null;
        return new About(
                alliance,
                round == null ? null : (UUID) round[1],
                round == null ? null : notice.roundId(),
                client == null ? null : notice.clientId(),
                combiner);
    }

    private Object[] row(String sql, UUID id) {
        List<?> rows = entities.createNativeQuery(sql).setParameter(1, id).getResultList();
        return rows.isEmpty() ? null : (Object[]) rows.get(0);
    }
}
