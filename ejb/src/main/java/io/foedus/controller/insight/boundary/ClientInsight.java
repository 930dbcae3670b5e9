package io.foedus.controller.insight.boundary;

import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.insight.control.Sight;
import io.foedus.controller.insight.entity.ClientRound;
import io.foedus.controller.listing.Listing;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import io.foedus.controller.persistence.Row;
import io.foedus.controller.persistence.Sql;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What one client did, and which clients hang on which combiner. */
@Stateless
public class ClientInsight {
    private static final Listing<ClientRound> ROUNDS = Listing.of("""
                    r.id, s.id AS session_id, s.name, r.number, coalesce(u.fate, p.state) AS fate,
                    coalesce(u.reason, p.reason) AS reason, u.examples, u.size,
                    CAST(u.timings->>'downloadMillis' AS double precision) / 1000 AS download,
                    CAST(u.timings->>'runMillis' AS double precision) / 1000 AS run,
                    CAST(u.timings->>'uploadMillis' AS double precision) / 1000 AS upload,
                    v.metrics, coalesce(u.received_at, p.ended_at, p.claimed_at) AS at
                    """, "participation p", """
                    JOIN round r ON r.id = p.round_id
                    JOIN session s ON s.id = r.session_id
                    LEFT JOIN LATERAL (
                      SELECT * FROM model_update WHERE round_id = p.round_id AND client_id = p.client_id
                      ORDER BY received_at DESC LIMIT 1) u ON true
                    LEFT JOIN validation v ON v.round_id = p.round_id AND v.client_id = p.client_id
                    """, ClientInsight::round)
            .where("p.client_id = :client AND p.kind = 'TRAIN'")
            .orderedBy("p.claimed_at DESC")
            .exact("fate", "coalesce(u.fate, p.state)")
            .text("session", "s.name")
            .exact("at", "p.claimed_at")
            .exact("examples", "u.examples");

    @Inject
    EntityManager entities;

    @Inject
    Sight sight;

    /** Rounds the client took part in, the newest first. */
    public Page<ClientRound> rounds(Actor actor, UUID client, Query query) {
        sight.ofClient(actor, client);
        return ROUNDS.page(entities, query, Map.of("client", client));
    }

    /**
     * How many of the alliance's clients a combiner holds, and some of their names.
     *
     * @param combiner null for clients that have none
     * @param some at most forty of them, the busy ones first
     */
    public record Swarm(UUID combiner, int attached, int busy, List<Member> some) {}

    /** A client in a swarm. */
    public record Member(UUID id, String name, String state, boolean busy) {}

    /** Which clients hang on which combiner; offline ones stay where they were last. */
    public List<Swarm> swarms(Actor actor, UUID alliance) {
        sight.ofAlliance(actor, alliance);
        Map<UUID, List<Member>> some = some(alliance);
        return Sql.of(entities, """
                        SELECT combiner_id, count(*) FILTER (WHERE state = 'ATTACHED'),
                          count(*) FILTER (WHERE state = 'ATTACHED' AND busy)
                        FROM client WHERE alliance_id = :alliance AND state <> 'REVOKED' GROUP BY combiner_id
                        """)
                .with("alliance", alliance)
                .list(row -> new Swarm(row.id(0), row.count(1), row.count(2), some.getOrDefault(row.id(0), List.of())));
    }

    /** By combiner, null for none. */
    private Map<UUID, List<Member>> some(UUID alliance) {
        Map<UUID, List<Member>> some = new HashMap<>();
        Sql.of(entities, """
                        SELECT combiner_id, id, name, state, busy FROM (
                          SELECT *, row_number() OVER (PARTITION BY combiner_id ORDER BY state <> 'ATTACHED', name) AS place
                          FROM client WHERE alliance_id = :alliance AND state <> 'REVOKED') c
                        WHERE place <= 40 ORDER BY place
                        """)
                .with("alliance", alliance)
                .list(row -> some.computeIfAbsent(row.id(0), combiner -> new ArrayList<>())
                        .add(new Member(row.id(1), row.text(2), row.text(3), row.yes(4))));
        return some;
    }

    private static ClientRound round(Row row) {
        return new ClientRound(
                row.id(0),
                row.id(1),
                row.text(2),
                row.count(3),
                row.text(4),
                row.text(5),
                row.wholeOrNull(6),
                row.wholeOrNull(7),
                row.real(8),
                row.real(9),
                row.real(10),
                row.object(11),
                row.instant(12));
    }
}
