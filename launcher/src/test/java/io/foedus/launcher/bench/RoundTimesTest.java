package io.foedus.launcher.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.agent.console.Json;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoundTimesTest {
    @Test
    void percentiles_are_values_that_were_measured() {
        List<Double> hundred =
                IntStream.rangeClosed(1, 100).mapToObj(i -> (double) i).toList();
        assertThat(RoundTimes.percentile(hundred, 0.5)).isEqualTo(50);
        assertThat(RoundTimes.percentile(hundred, 0.95)).isEqualTo(95);
        assertThat(RoundTimes.percentile(hundred, 1)).isEqualTo(100);
        assertThat(RoundTimes.percentile(List.of(7.0), 0.95)).isEqualTo(7);
        assertThat(RoundTimes.percentile(List.of(), 0.95)).isZero();
    }

    @Test
    void rounds_their_parts_and_the_time_between_them_are_told_apart() {
        RoundTimes times = new RoundTimes(List.of(
                round(2, "COMPLETED", ":01.000Z", ":01.010Z", ":01.110Z", ":01.150Z"),
                round(1, "COMPLETED", ":00.000Z", ":00.020Z", ":00.120Z", ":00.200Z"),
                round(1, "FAILED", ":00.000Z", ":00.000Z", ":00.000Z", ":09.000Z")));

        assertThat(times.millis()).containsExactly(200.0, 150.0);
        JsonNode summary = times.summary();
        assertThat(summary.path("rounds").asInt()).isEqualTo(2);
        assertThat(summary.path("p95Ms").asDouble()).isEqualTo(200);
        assertThat(summary.path("betweenP50Ms").asDouble()).isEqualTo(800);
        assertThat(summary.path("partsP50Ms").path("training").asDouble()).isEqualTo(100);
    }

    private static JsonNode round(
            int number, String phase, String started, String training, String reducing, String finished) {
        String day = "2026-01-01T00:00";
        return Json.object()
                .put("number", number)
                .put("phase", phase)
                .put("startedAt", day + started)
                .put("trainingAt", day + training)
                .put("reducingAt", day + reducing)
                .put("finishedAt", day + finished);
    }
}
