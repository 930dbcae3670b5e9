package io.foedus.controller.combiners.boundary;

import io.foedus.controller.listing.Listing;
import io.foedus.controller.persistence.Row;

/** How combiners are read; alive is whoever was heard after {@code :horizon}. */
final class CombinerRows {
    static final Listing<CombinerView> ALL = Listing.of(
                    """
                    c.id, c.name, c.host, c.port, c.tls, c.labels, c.capacity, c.program, c.epoch, c.draining, c.alive,
                    c.attached, c.load, c.created_at, c.last_seen_at
                    """, "(SELECT *, last_seen_at > :horizon AS alive FROM combiner) AS c", "", CombinerRows::view)
            .orderedBy("c.name")
            .text("name", "c.name")
            .text("host", "c.host")
            .text("program", "c.program")
            .exact("draining", "c.draining")
            .exact("alive", "c.alive")
            .exact("attached", "c.attached")
            .exact("capacity", "c.capacity")
            .exact("lastSeenAt", "c.last_seen_at");

    static final Listing<CombinerView> ONE = ALL.where("c.id = :id");

    private CombinerRows() {}

    private static CombinerView view(Row row) {
        return new CombinerView(
                row.id(0),
                row.text(1),
                row.text(2),
                row.count(3),
                row.yes(4),
                row.object(5),
                row.count(6),
                row.text(7),
                row.whole(8),
                row.yes(9),
                row.yes(10),
                row.count(11),
                row.object(12),
                row.instant(13),
                row.instant(14));
    }
}
