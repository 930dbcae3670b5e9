package io.foedus.controller.clients.boundary;

import io.foedus.controller.clients.entity.ClientState;
import io.foedus.controller.listing.Listing;
import io.foedus.controller.persistence.Row;
import io.foedus.controller.persistence.Sql;
import jakarta.persistence.EntityManager;
import java.util.UUID;

/** How clients are read and counted. */
final class ClientRows {
    private static final Listing<ClientView> ALL = Listing.of(
                    """
                    c.id, c.alliance_id, c.name, c.external_id, c.state, c.busy, c.reason, c.program, c.labels,
                    c.combiner_id, b.name AS combiner, c.preferred_combiner, c.package_digest, c.own_program, c.address,
                    c.telemetry,
                    (SELECT count(*) FROM model_update u WHERE u.client_id = c.id AND u.fate = 'ACCEPTED') AS updates,
                    c.created_at, c.last_seen_at
                    """, "client c", "LEFT JOIN combiner b ON b.id = c.combiner_id", ClientRows::view)
            .orderedBy("c.name")
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

    static final Listing<ClientView> OF_ALLIANCE = ALL.where("c.alliance_id = :alliance");

    static final Listing<ClientView> ONE = ALL.where("c.id = :id");

    /** {@code :id} is null for a name that is no id of ours. */
    static final Listing<ClientView> CALLED = ALL.where(
            "c.alliance_id = :alliance AND (c.external_id = :externalId OR c.id = CAST(CAST(:id AS text) AS uuid))");

    private ClientRows() {}

    static ClientCounts counts(EntityManager entities, UUID alliance) {
        return Sql.of(entities, """
                        SELECT count(*),
                          count(*) FILTER (WHERE state = 'ATTACHED'),
                          count(*) FILTER (WHERE state = 'ATTACHED' AND busy),
                          count(*) FILTER (WHERE state = 'DETACHED'),
                          count(*) FILTER (WHERE state = 'REGISTERED'),
                          count(*) FILTER (WHERE state = 'REVOKED')
                        FROM client WHERE alliance_id = :alliance
                        """)
                .with("alliance", alliance)
                .only(row -> new ClientCounts(
                        row.whole(0), row.whole(1), row.whole(2), row.whole(3), row.whole(4), row.whole(5)));
    }

    private static ClientView view(Row row) {
        return new ClientView(
                row.id(0),
                row.id(1),
                row.text(2),
                row.text(3),
                row.one(ClientState.class, 4),
                row.yes(5),
                row.text(6),
                row.text(7),
                row.object(8),
                row.id(9),
                row.text(10),
                row.text(11),
                row.text(12),
                row.yes(13),
                row.text(14),
                row.object(15),
                row.whole(16),
                row.instant(17),
                row.instant(18));
    }
}
