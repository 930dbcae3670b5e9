package io.foedus.controller.models.boundary;

import io.foedus.controller.listing.Listing;
import io.foedus.controller.persistence.Row;
import io.foedus.core.blobs.Soundness;
import java.util.Map;

/** How models are read, for whoever looks at them; their metrics are summed up apart. */
final class ModelRows {
    private static final String COLUMNS = """
            m.id, m.alliance_id, m.name, m.parent_id, m.session_id, s.name AS session, m.round_id, r.number, m.digest,
            m.size, m.format, coalesce(s.best_model_id = m.id, false) AS best,
            (SELECT count(*) FROM validation v WHERE v.model_id = m.id) AS validations, m.created_at,
            coalesce(k.soundness, 'SOUND') AS soundness
            """;

    private static final String LOOKUPS = """
            LEFT JOIN session s ON s.id = m.session_id
            LEFT JOIN round r ON r.id = m.round_id
            LEFT JOIN blob_check k ON k.digest = m.digest
            """;

    private static final Listing<ModelView> ALL = Listing.of(COLUMNS, "model m", LOOKUPS, ModelRows::view)
            .orderedBy("m.created_at DESC, m.id DESC")
            .text("name", "m.name")
            .text("session", "s.name")
            .exact("sessionId", "m.session_id")
            .text("digest", "m.digest")
            .exact("format", "m.format")
            .exact("roundNumber", "r.number")
            .exact("size", "m.size")
            .exact("soundness", "coalesce(k.soundness, 'SOUND')")
            .exact("createdAt", "m.created_at")
            .exact("mean", """
                    (SELECT avg(CAST(v.metrics->>:metric AS double precision)) FROM validation v
                     WHERE v.model_id = m.id AND jsonb_typeof(v.metrics->:metric) = 'number')""");

    static final Listing<ModelView> OF_ALLIANCE = ALL.where("m.alliance_id = :alliance");

    static final Listing<ModelView> CHILDREN = ALL.where("m.parent_id = :id");

    static final Listing<ModelView> ONE = ALL.where("m.id = :id");

    /** The nearest ancestor first, {@code :most} at most. */
    static final Listing<ModelView> TRAIL =
            Listing.of(COLUMNS, """
                    (WITH RECURSIVE line AS (
                       SELECT id, parent_id, 0 AS depth FROM model WHERE id = :id
                       UNION ALL
                       SELECT p.id, p.parent_id, l.depth + 1 FROM model p JOIN line l ON p.id = l.parent_id
                       WHERE l.depth < :most)
                     SELECT id, depth FROM line WHERE depth > 0) t JOIN model m ON m.id = t.id
                    """, LOOKUPS, ModelRows::view).orderedBy("t.depth");

    private ModelRows() {}

    private static ModelView view(Row row) {
        return new ModelView(
                row.id(0),
                row.id(1),
                row.text(2),
                row.id(3),
                row.id(4),
                row.text(5),
                row.id(6),
                row.countOrNull(7),
                row.text(8),
                row.whole(9),
                row.text(10),
                row.yes(11),
                row.count(12),
                Map.of(),
                row.instant(13),
                row.one(Soundness.class, 14));
    }
}
