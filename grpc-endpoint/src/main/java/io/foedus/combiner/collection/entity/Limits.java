package io.foedus.combiner.collection.entity;

import java.time.Duration;
import java.time.Instant;

/**
 * What a share is told about time.
 *
 * @param started when this run of the combiner began
 * @param received when the share's order came
 * @param begun when the round began, wherever it did
 * @param grace how long a broken stream may stay away
 * @param lease how long a client at work may be silent
 */
public record Limits(Instant started, Instant received, Instant begun, Duration grace, Duration lease) {
    /** How long after a start agents may take to find their way back. */
    public static final Duration SETTLING = Duration.ofSeconds(20);

    /** Whether agents of an earlier run may still be on their way. */
    boolean settling(Instant now) {
        return now.isBefore(started.plus(SETTLING));
    }
}
