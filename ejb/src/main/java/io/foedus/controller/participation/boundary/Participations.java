package io.foedus.controller.participation.boundary;

import io.foedus.controller.participation.entity.ClaimState;
import io.foedus.controller.persistence.Sql;
import io.foedus.core.exchange.TaskKind;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.UUID;

/** Who takes part in rounds; whoever calls has checked that the reader may see the round. */
@Stateless
public class Participations {
    @Inject
    EntityManager entities;

    /** How many said of their training in a round that it failed; those whose update was refused are not among them. */
    public int failed(UUID round) {
        Number failed =
                (Number) entities.createNativeQuery("""
                        SELECT count(*) FROM participation p
                        WHERE p.round_id = ?1 AND p.kind = 'TRAIN' AND p.state = 'FAILED'
                          AND EXISTS (SELECT 1 FROM share h
                            WHERE h.round_id = p.round_id AND h.combiner_id = p.combiner_id AND h.kind = 'TRAIN'
                              AND h.phase NOT IN ('OFFERED', 'RUNNING'))
                          AND NOT EXISTS (SELECT 1 FROM model_update u
                            WHERE u.round_id = p.round_id AND u.client_id = p.client_id AND u.fate = 'REJECTED')
                        """).setParameter(1, round).getSingleResult();
        return failed.intValue();
    }

    /** Those whose part came to nothing first, then by name. */
    public List<ParticipationView> ofRound(UUID round, int most) {
        return Sql.of(entities, """
                        SELECT p.client_id, c.name, p.combiner_id, b.name AS combiner_name, p.kind, p.state, p.reason,
                          p.claimed_at, p.ended_at
                        FROM participation p JOIN client c ON c.id = p.client_id JOIN combiner b ON b.id = p.combiner_id
                        WHERE p.round_id = :round
                        ORDER BY p.state IN ('CLAIMED', 'REPORTED'), p.kind, c.name
                        LIMIT :most
                        """)
                .with("round", round)
                .with("most", most)
                .list(row -> new ParticipationView(
                        row.id(0),
                        row.text(1),
                        row.id(2),
                        row.text(3),
                        row.one(TaskKind.class, 4),
                        row.one(ClaimState.class, 5),
                        row.text(6),
                        row.instant(7),
                        row.instant(8)));
    }
}
