package io.foedus.controller.rounds.control;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.persistence.Json;
import io.foedus.controller.persistence.JsonObjectConverter;
import io.foedus.controller.rounds.entity.Share.Party;
import io.foedus.controller.sessions.entity.Session;
import io.foedus.core.plan.Plan;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Who could take part in a session's round now. */
@Dependent
public class Attendants {
    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    ControllerConfig config;

    /** How many there are. */
    public int count(Session session) {
        return RoundPlanner.clients(of(session));
    }

    /**
     * In the order of combiner ids; combiners without a fitting client are left out. Without a package only FEDn's
     * clients fit, for they have their program from elsewhere.
     */
    @SuppressWarnings("unchecked")
    List<Attending> of(Session session) {
        Plan.Selection selection = session.plan().selection();
        Map<String, String> labels = selection.kind() == Plan.Kind.ATTRIBUTE ? selection.labels() : Map.of();
        List<Object[]> rows = entities.createNativeQuery(
                        "SELECT b.id, b.epoch, count(*) FROM client c JOIN combiner b ON"
                                + " b.id = c.combiner_id WHERE c.alliance_id = ?1 AND c.state = 'ATTACHED' AND c.labels @> ?2"
                                + " AND b.last_seen_at > ?3 AND NOT b.draining AND (?4 OR c.external_id IS NOT NULL) GROUP BY b.id, b.epoch ORDER BY b.id")
                .setParameter(1, session.allianceId())
                .setParameter(2, JsonObjectConverter.jsonb(Json.write(labels)))
                .setParameter(
                        3, clock.instant().minus(config.combiners().lease()).atOffset(ZoneOffset.UTC))
                .setParameter(4, session.packageId() != null)
                .getResultList();
        return rows.stream()
                .map(row -> new Attending(
                        new Party((UUID) row[0], ((Number) row[1]).longValue()), ((Number) row[2]).intValue()))
                .toList();
    }
}
