package io.foedus.controller.combiners.boundary;

import io.foedus.controller.combiners.entity.Combiner;
import io.foedus.controller.listing.Listing;
import io.foedus.controller.persistence.InstantConverter;
import io.foedus.controller.persistence.Json;
import io.foedus.controller.persistence.JsonObjectConverter;
import java.util.UUID;

/** How combiners are listed. */
final class CombinerList {
    /** The parameter is the moment before which a combiner that was last heard is not alive. */
    static final Listing<CombinerView> ALL = Listing.of(
                    "c.id, c.name, c.host, c.port, c.tls, c.labels, c.capacity, c.program, c.epoch, c.draining, c.alive,"
                            + " c.attached, c.load, c.created_at, c.last_seen_at",
                    "(SELECT *, last_seen_at > ?1 AS alive FROM combiner) AS c",
                    "c.name",
                    CombinerList::view)
            .text("name", "c.name")
            .text("host", "c.host")
            .text("program", "c.program")
            .exact("draining", "c.draining")
            .exact("alive", "c.alive")
            .exact("attached", "c.attached")
            .exact("capacity", "c.capacity")
            .exact("lastSeenAt", "c.last_seen_at");

    private CombinerList() {}

    static CombinerView view(Combiner combiner, boolean alive) {
        return new CombinerView(
                combiner.id(),
                combiner.name(),
                combiner.address().host(),
                combiner.address().port(),
                combiner.address().tls(),
                combiner.labels(),
                combiner.capacity(),
                combiner.program(),
                combiner.epoch(),
                combiner.draining(),
                alive,
                combiner.attached(),
                combiner.load(),
                combiner.createdAt(),
                combiner.lastSeenAt());
    }

    private static CombinerView view(Object[] row) {
        return new CombinerView(
                (UUID) row[0],
                (String) row[1],
                (String) row[2],
                ((Number) row[3]).intValue(),
                (Boolean) row[4],
                Json.object(JsonObjectConverter.text(row[5])),
                ((Number) row[6]).intValue(),
                (String) row[7],
                ((Number) row[8]).longValue(),
                (Boolean) row[9],
                (Boolean) row[10],
                ((Number) row[11]).intValue(),
                Json.object(JsonObjectConverter.text(row[12])),
                InstantConverter.of(row[13]),
                InstantConverter.of(row[14]));
    }
}
