package io.foedus.controller.insight.boundary;

import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.insight.control.Sight;
import io.foedus.controller.persistence.Sql;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Finds things of an alliance by a part of their name, the beginning of a digest, or their id. */
@Stateless
public class Search {
    private static final String HITS = """
            (SELECT 'session', id, name, state, created_at FROM session
              WHERE alliance_id = :alliance AND (position(lower(:text) IN lower(name)) > 0 OR CAST(id AS text) = lower(:text))
              ORDER BY lower(name) = lower(:text) DESC, created_at DESC NULLS LAST LIMIT 10)
            UNION ALL
            (SELECT 'client', id, name, state, created_at FROM client
              WHERE alliance_id = :alliance AND (position(lower(:text) IN lower(name)) > 0 OR CAST(id AS text) = lower(:text))
              ORDER BY lower(name) = lower(:text) DESC, created_at DESC NULLS LAST LIMIT 10)
            UNION ALL
            (SELECT 'model', m.id, CASE WHEN s.name IS NULL THEN m.name ELSE s.name || ', round ' || r.number END, m.digest,
                m.created_at
              FROM model m LEFT JOIN session s ON s.id = m.session_id LEFT JOIN round r ON r.id = m.round_id
              WHERE m.alliance_id = :alliance AND (
                position(lower(:text) IN lower(m.name || ' ' || coalesce(s.name, ''))) > 0
                OR CAST(m.id AS text) = lower(:text) OR starts_with(m.digest, lower(:text)))
              ORDER BY lower(coalesce(s.name, m.name)) = lower(:text) DESC, m.created_at DESC NULLS LAST LIMIT 10)
            UNION ALL
            (SELECT 'package', id, name, digest, created_at FROM compute_package
              WHERE alliance_id = :alliance AND (
                position(lower(:text) IN lower(name || ' ' || file_name)) > 0
                OR CAST(id AS text) = lower(:text) OR starts_with(digest, lower(:text)))
              ORDER BY lower(name) = lower(:text) DESC, created_at DESC NULLS LAST LIMIT 10)
            """;

    @Inject
    EntityManager entities;

    @Inject
    Sight sight;

    /**
     * Something that was found.
     *
     * @param kind {@code session}, {@code client}, {@code model} or {@code package}
     * @param note what tells it from others of its name: a state, a digest
     */
    public record Found(String kind, UUID id, String name, String note, Instant at) {}

    /** At most ten of each kind: those of that very name first, then the newest. */
    public List<Found> find(Actor actor, UUID alliance, String text) {
        sight.ofAlliance(actor, alliance);
        if (text == null || text.isBlank()) {
            return List.of();
        }
        return Sql.of(entities, HITS)
                .with("alliance", alliance)
                .with("text", text.strip())
                .list(row -> new Found(row.text(0), row.id(1), row.text(2), row.text(3), row.instant(4)));
    }
}
