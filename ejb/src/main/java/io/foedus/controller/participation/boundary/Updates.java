package io.foedus.controller.participation.boundary;

import io.foedus.controller.listing.Listing;
import io.foedus.controller.participation.entity.UpdateState;
import io.foedus.controller.persistence.Row;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Updates as they are read; whoever calls has checked that the reader may see the round or the client. In lists of one
 * round the total weight is summed up once.
 */
@Stateless
public class Updates {
    private static final Listing<UpdateView> OF_ROUND =
            of(":round").where("u.round_id = :round").orderedBy("c.name, u.received_at");
    private static final Listing<UpdateView> ACCEPTED_OF_ROUND =
            of(":round").where("u.round_id = :round AND u.fate = 'ACCEPTED'").orderedBy("u.client_id");
    private static final Listing<UpdateView> OF_CLIENT =
            of("u.round_id").where("u.client_id = :client").orderedBy("u.received_at DESC");

    @Inject
    EntityManager entities;

    /** Those of a round by the client's name, at most so many. */
    public List<UpdateView> ofRound(UUID round, int most) {
        return OF_ROUND.first(entities, most, Map.of("round", round));
    }

    /** Those of a client, the newest first, at most so many. */
    public List<UpdateView> ofClient(UUID client, int most) {
        return OF_CLIENT.first(entities, most, Map.of("client", client));
    }

    /** What reports accepted for a round, in the order of client ids: what its model is made of, and nothing else. */
    public List<UpdateView> accepted(UUID round) {
        return ACCEPTED_OF_ROUND.first(entities, Integer.MAX_VALUE, Map.of("round", round));
    }

    /** @param round of which the total weight is summed up */
    private static Listing<UpdateView> of(String round) {
        return Listing.of("""
                u.id, u.round_id, r.number, u.client_id, c.name, u.combiner_id, b.name AS combiner_name, u.digest, u.size,
                u.examples, u.weight,
                CASE WHEN u.fate = 'ACCEPTED' THEN u.weight / (
                  SELECT nullif(sum(w.weight), 0) FROM model_update w
                  WHERE w.fate = 'ACCEPTED' AND w.round_id = %s) END AS weight_share,
                u.staleness, u.fate, u.reason, u.metrics, u.timings, u.received_at
                """.formatted(round), "model_update u", """
                JOIN round r ON r.id = u.round_id
                JOIN client c ON c.id = u.client_id
                JOIN combiner b ON b.id = u.combiner_id
                """, Updates::view);
    }

    private static UpdateView view(Row row) {
        return new UpdateView(
                row.id(0),
                row.id(1),
                row.count(2),
                row.id(3),
                row.text(4),
                row.id(5),
                row.text(6),
                row.text(7),
                row.whole(8),
                row.whole(9),
                row.real(10),
                row.real(11),
                row.count(12),
                row.one(UpdateState.class, 13),
                row.text(14),
                row.object(15),
                row.object(16),
                row.instant(17));
    }
}
