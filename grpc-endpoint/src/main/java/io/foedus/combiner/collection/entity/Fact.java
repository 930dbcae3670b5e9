package io.foedus.combiner.collection.entity;

import io.foedus.core.exchange.Fate;
import io.foedus.core.round.Metrics;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One line of a share's journal.
 *
 * @param digest of an accepted update
 * @param metrics the values of {@link #measured}
 * @param origin what the task started from, if it was not this round's base
 */
public record Fact(
        Kind kind,
        @Nullable UUID client,
        @Nullable UUID task,
        @Nullable Origin origin,
        @Nullable String digest,
        long size,
        long examples,
        Map<String, Object> metrics,
        Map<String, Double> timings,
        @Nullable Fate fate,
        @Nullable String reason) {
    public Fact {
        metrics = Metrics.read(Objects.requireNonNullElse(metrics, Map.of()))
                .metrics()
                .values();
        timings = Metrics.numbers(Objects.requireNonNullElse(timings, Map.of()));
    }

    /** What the client measured. */
    public Metrics measured() {
        return new Metrics(metrics);
    }

    /** What became true. */
    public enum Kind {
        /** The client takes part, with this task. */
        ASKED,
        /** The task's result is here and counts. */
        ACCEPTED,
        /** The task will bring nothing that counts; {@code fate} and {@code reason} say why. */
        SETTLED,
        /** Nothing more is taken; what is accepted is what will be folded. */
        CLOSED
    }

    public static Fact asked(UUID client, UUID task, @Nullable Origin older) {
        return new Fact(Kind.ASKED, client, task, older, null, 0, 0, Map.of(), Map.of(), null, null);
    }

    public static Fact accepted(UUID client, TaskOutcome outcome, @Nullable Origin older) {
        return new Fact(
                Kind.ACCEPTED,
                client,
                outcome.task(),
                older,
                outcome.digest(),
                outcome.size(),
                outcome.examples(),
                outcome.metrics().values(),
                outcome.timings(),
                Fate.ACCEPTED,
                null);
    }

    public static Fact settled(UUID client, UUID task, Fate fate, String reason) {
        return new Fact(Kind.SETTLED, client, task, null, null, 0, 0, Map.of(), Map.of(), fate, reason);
    }

    public static Fact closed(String reason) {
        return new Fact(Kind.CLOSED, null, null, null, null, 0, 0, Map.of(), Map.of(), null, reason);
    }
}
