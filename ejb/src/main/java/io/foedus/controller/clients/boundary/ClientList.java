package io.foedus.controller.clients.boundary;

import io.foedus.controller.clients.entity.ClientState;
import io.foedus.controller.listing.Listing;
import io.foedus.controller.persistence.InstantConverter;
import io.foedus.controller.persistence.Json;
import io.foedus.controller.persistence.JsonObjectConverter;
import jakarta.persistence.EntityManager;
import java.util.UUID;

/** How clients are listed and counted. */
final class ClientList {
    /** The parameter is the alliance. */
    static final Listing<ClientView> ALL = Listing.of(
                    "c.id, c.name, c.external_id, c.state, c.busy, c.reason, c.program, c.labels, c.combiner_id, b.name AS"
                            + " combiner, c.preferred_combiner, c.package_digest, c.own_program, c.address, c.telemetry, (SELECT count(*) FROM model_update u WHERE"
                            + " u.client_id = c.id AND u.fate = 'ACCEPTED') AS updates, c.created_at, c.last_seen_at",
                    "client c LEFT JOIN combiner b ON b.id = c.combiner_id WHERE c.alliance_id = ?1",
                    "c.name",
                    ClientList::view)
            .exact("id", "c.id")
            .text("name", "c.name")
            .exact("state", "c.state")
            .exact("busy", "c.busy")
            .text("reason", "c.reason")
            .text("program", "c.program")
            .text("labels", "c.labels")
            .text("combiner", "b.name")
            .exact("combinerId", "c.combiner_id")
            .exact("createdAt", "c.created_at")
            .exact("lastSeenAt", "c.last_seen_at");

    private ClientList() {}

    static ClientCounts counts(EntityManager entities, UUID alliance) {
        Object[] row = (Object[]) entities.createNativeQuery("SELECT count(*), count(*) FILTER (WHERE state ="
                        + " 'ATTACHED'), count(*) FILTER (WHERE state = 'ATTACHED' AND busy), count(*) FILTER (WHERE"
                        + " state = 'DETACHED'), count(*) FILTER (WHERE state = 'REGISTERED'), count(*) FILTER (WHERE"
                        + " state = 'REVOKED') FROM client WHERE alliance_id = ?1")
                .setParameter(1, alliance)
                .getSingleResult();
        return new ClientCounts(
                number(row[0]), number(row[1]), number(row[2]), number(row[3]), number(row[4]), number(row[5]));
    }

    private static long number(Object column) {
        return ((Number) column).longValue();
    }

    private static ClientView view(Object[] row) {
        return new ClientView(
                (UUID) row[0],
                (String) row[1],
                (String) row[2],
                ClientState.valueOf((String) row[3]),
                (Boolean) row[4],
                (String) row[5],
                (String) row[6],
                Json.object(JsonObjectConverter.text(row[7])),
                (UUID) row[8],
                (String) row[9],
                (String) row[10],
                (String) row[11],
                (Boolean) row[12],
                (String) row[13],
                Json.object(JsonObjectConverter.text(row[14])),
                number(row[15]),
                InstantConverter.of(row[16]),
                InstantConverter.of(row[17]));
    }
}
