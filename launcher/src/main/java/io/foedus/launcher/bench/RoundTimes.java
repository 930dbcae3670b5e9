package io.foedus.launcher.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.console.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How long rounds took by the controller's own notes, from the start of a round to its commit.
 *
 * @param rounds as the API tells them, completed ones, in their order
 */
record RoundTimes(List<JsonNode> rounds) {
    RoundTimes {
        rounds = rounds.stream()
                .filter(r -> r.path("phase").asText().equals("COMPLETED"))
                .sorted(Comparator.comparingInt(r -> r.path("number").asInt()))
                .toList();
    }

    /** Milliseconds of each round. */
    List<Double> millis() {
        return rounds.stream().map(r -> between(r, "startedAt", "finishedAt")).toList();
    }

    /** Percentiles of rounds, of their parts, and of the time from one round's commit to the next one's start. */
    ObjectNode summary() {
        ObjectNode summary = Json.object()
                .put("rounds", rounds.size())
                .put("p50Ms", percentile(millis(), 0.5))
                .put("p95Ms", percentile(millis(), 0.95))
                .put("maxMs", percentile(millis(), 1))
                .put("betweenP50Ms", percentile(between(), 0.5));
        ObjectNode parts = summary.putObject("partsP50Ms");
        parts.put("planning", part(r -> between(r, "startedAt", "trainingAt")));
        parts.put("training", part(r -> between(r, "trainingAt", "reducingAt")));
        parts.put("reducing", part(r -> between(r, "reducingAt", "finishedAt")));
        return summary;
    }

    private double part(ToDoubleFunction<JsonNode> measure) {
        return percentile(rounds.stream().map(r -> measure.applyAsDouble(r)).toList(), 0.5);
    }

    private List<Double> between() {
        List<Double> gaps = new ArrayList<>();
        for (int i = 1; i < rounds.size(); i++) {
            gaps.add(millis(instant(rounds.get(i - 1), "finishedAt"), instant(rounds.get(i), "startedAt")));
        }
        return gaps;
    }

    private static double between(JsonNode round, String from, String to) {
        return millis(instant(round, from), instant(round, to));
    }

    private static double millis(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e6;
    }

    private static Instant instant(JsonNode round, String field) {
        return Instant.parse(round.path(field).asText());
    }

    /** The smallest value that at least this fraction does not exceed; 0 of nothing. */
    static double percentile(List<Double> values, double fraction) {
        List<Double> sorted = values.stream().sorted().toList();
        if (sorted.isEmpty()) {
            return 0;
        }
        int rank = (int) Math.ceil(fraction * sorted.size());
        return Math.round(sorted.get(Math.max(0, rank - 1)) * 10) / 10.0;
    }
}
