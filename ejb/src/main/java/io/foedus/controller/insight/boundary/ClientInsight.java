package io.foedus.controller.insight.boundary;

import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.insight.control.Rows;
import io.foedus.controller.insight.control.Sight;
import io.foedus.controller.insight.entity.ClientRound;
import io.foedus.controller.listing.Listing;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What one client did, and which clients hang on which combiner. */
@Stateless
public class ClientInsight {
    private static final Listing<ClientRound> ROUNDS = Listing.of(
                    "r.id, s.id AS session_id, s.name, r.number, coalesce(u.fate, p.state) AS fate, coalesce(u.reason, p.reason)"
                            + " AS reason, u.examples, u.size, " + millis("downloadMillis") + ", " + millis("runMillis")
                            + ", "
                            + millis("uploadMillis") + ", CAST(u.timings->>'cpuSeconds' AS double precision) AS cpu,"
                            + " CAST(u.timings->>'peakMemoryBytes' AS double precision) AS peak, CAST(v.metrics AS text) AS metrics,"
                            + " coalesce(u.received_at, p.ended_at, p.claimed_at) AS at",
                    "participation p JOIN round r ON r.id = p.round_id JOIN session s ON s.id = r.session_id"
                            + " LEFT JOIN LATERAL (SELECT * FROM model_update WHERE round_id = p.round_id AND client_id = p.client_id"
                            + " ORDER BY received_at DESC LIMIT 1) u ON true"
                            + " LEFT JOIN validation v ON v.round_id = p.round_id AND v.client_id = p.client_id"
                            + " WHERE p.client_id = CAST(?1 AS uuid) AND p.kind = 'TRAIN'",
                    "p.claimed_at DESC",
                    ClientInsight::read)
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
        return ROUNDS.page(entities, query, client.toString());
    }

    /** @return the alliance the client belongs to */
    public UUID alliance(Actor actor, UUID client) {
        return sight.ofClient(actor, client);
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
        return Rows.of(
                entities,
                "SELECT combiner_id, count(*) FILTER (WHERE state = 'ATTACHED') AS attached,"
                        + " count(*) FILTER (WHERE state = 'ATTACHED' AND busy) AS busy FROM client"
                        + " WHERE alliance_id = CAST(?1 AS uuid) AND state <> 'REVOKED' GROUP BY combiner_id",
                row -> new Swarm(row.id(0), row.count(1), row.count(2), some(alliance, row.id(0))),
                alliance);
    }

    private List<Member> some(UUID alliance, UUID combiner) {
        return Rows.of(
                entities,
                "SELECT id, name, state, busy FROM client WHERE alliance_id = CAST(?1 AS uuid) AND state <> 'REVOKED'"
                        + " AND combiner_id IS NOT DISTINCT FROM CAST(CAST(?2 AS text) AS uuid)"
                        + " ORDER BY state <> 'ATTACHED', name LIMIT 40",
                row -> new Member(row.id(0), row.text(1), row.text(2), row.yes(3)),
                alliance,
                combiner == null ? null : combiner.toString());
    }

    private static String millis(String name) {
        return "CAST(u.timings->>'" + name + "' AS double precision) / 1000 AS "
                + name.toLowerCase(java.util.Locale.ROOT);
    }

    private static ClientRound read(Object[] values) {
        Rows row = Rows.of(values);
        Map<String, Object> metrics = row.object(13);
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
                row.real(11),
                row.real(12),
                metrics,
                row.instant(14));
    }
}
