package io.foedus.combiner.collection.entity;

import java.util.ArrayList;
import java.util.List;

/**
 * A result that was handed in.
 *
 * @param replies who waits for its receipt, by number
 * @param passed whether it is acceptable and only has to become durable
 */
public record Attempt(TaskOutcome outcome, List<Long> replies, boolean passed) {
    Attempt(TaskOutcome outcome, long reply) {
        this(outcome, List.of(reply), false);
    }

    Attempt also(long reply) {
        List<Long> more = new ArrayList<>(replies);
        more.add(reply);
        return new Attempt(outcome, List.copyOf(more), passed);
    }

    Attempt asPassed() {
        return new Attempt(outcome, replies, true);
    }

    /** Nobody waits any more. */
    Attempt answered() {
        return new Attempt(outcome, List.of(), false);
    }
}
