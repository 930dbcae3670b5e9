package io.foedus.controller.participation.boundary;

import io.foedus.controller.listing.Listing;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import io.foedus.controller.participation.entity.UpdateState;
import io.foedus.controller.persistence.InstantConverter;
import io.foedus.controller.persistence.Json;
import io.foedus.controller.persistence.JsonObjectConverter;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.UUID;

/**
 * Updates as they are listed; whoever calls has checked that the reader may see the round or the client. Columns to
 * sort and filter by: client, clientName, combinerName, fate, reason, examples, size, receivedAt, roundNumber.
 */
@Stateless
public class Updates {
    private static final String COLUMNS = "u.id, u.round_id, r.number, u.client_id, c.name, u.combiner_id, b.name AS"
            + " combiner_name, u.digest, u.size, u.examples, u.weight, u.staleness, u.fate, u.reason, u.metrics,"
            + " u.timings, u.received_at";
    /** Of a round {@code ?1} the total is one for all rows, so that it is summed up once. */
    private static final String OF_TOTAL =
            ", CASE WHEN u.fate = 'ACCEPTED' THEN u.weight / (SELECT nullif(sum(w.weight),"
                    + " 0) FROM model_update w WHERE w.fate = 'ACCEPTED' AND w.round_id = %s) END AS weight_share";

    private static final String ROWS = "model_update u JOIN round r ON r.id = u.round_id JOIN client c ON c.id ="
            + " u.client_id JOIN combiner b ON b.id = u.combiner_id WHERE ";
    private static final Listing<UpdateView> OF_ROUND = listing("?1", "u.round_id = ?1", "c.name, u.received_at");
    private static final Listing<UpdateView> OF_CLIENT =
            listing("u.round_id", "u.client_id = ?1", "u.received_at DESC");

    @Inject
    EntityManager entities;

    public Page<UpdateView> ofRound(UUID round, Query query) {
        return OF_ROUND.page(entities, query, round);
    }

    public Page<UpdateView> ofClient(UUID client, Query query) {
        return OF_CLIENT.page(entities, query, client);
    }

    /** What reports accepted for a round, in the order of client ids: what its model is made of, and nothing else. */
    @SuppressWarnings("unchecked")
    public List<UpdateView> accepted(UUID round) {
        List<Object[]> rows = entities.createNativeQuery("SELECT " + COLUMNS + OF_TOTAL.formatted("?1")
                        + " FROM " + ROWS
                        + "u.round_id = ?1 AND u.fate = 'ACCEPTED' ORDER BY u.client_id")
                .setParameter(1, round)
                .getResultList();
        return rows.stream().map(Updates::view).toList();
    }

    private static Listing<UpdateView> listing(String round, String which, String order) {
        return Listing.of(COLUMNS + OF_TOTAL.formatted(round), ROWS + which, order, Updates::view)
                .exact("client", "u.client_id")
                .text("clientName", "c.name")
                .text("combinerName", "b.name")
                .exact("fate", "u.fate")
                .text("reason", "u.reason")
                .exact("examples", "u.examples")
                .exact("size", "u.size")
                .exact("roundNumber", "r.number")
                .exact("receivedAt", "u.received_at");
    }

    private static UpdateView view(Object[] row) {
        return new UpdateView(
                (UUID) row[0],
                (UUID) row[1],
                ((Number) row[2]).intValue(),
                (UUID) row[3],
                (String) row[4],
                (UUID) row[5],
                (String) row[6],
                (String) row[7],
                ((Number) row[8]).longValue(),
                ((Number) row[9]).longValue(),
                ((Number) row[10]).doubleValue(),
                row[17] == null ? null : ((Number) row[17]).doubleValue(),
                ((Number) row[11]).intValue(),
                UpdateState.valueOf((String) row[12]),
                (String) row[13],
                Json.object(JsonObjectConverter.text(row[14])),
                Json.object(JsonObjectConverter.text(row[15])),
                InstantConverter.of(row[16]));
    }
}
