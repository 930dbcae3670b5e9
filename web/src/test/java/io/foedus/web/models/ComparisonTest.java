package io.foedus.web.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foedus.controller.validation.boundary.ValidationView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final UUID NORTH = new UUID(0, 1);
    private static final UUID SOUTH = new UUID(0, 2);

    private static ValidationView line(UUID client, Map<String, Object> metrics) {
        return new ValidationView(
                client,
                null,
                null,
                null,
                1,
                client,
                client.toString(),
                null,
                null,
                10,
                metrics,
                Map.of(),
                Instant.EPOCH);
    }

    @Test
    void two_models_differ_by_metric_and_by_client() {
        Comparison comparison = new Comparison(
                List.of(line(NORTH, Map.of("accuracy", 0.9, "note", "fine")), line(SOUTH, Map.of("accuracy", 0.7))),
                List.of(line(NORTH, Map.of("accuracy", 0.6))));

        assertThat(comparison.metrics()).containsExactly("accuracy");
        Comparison.Row mean = comparison.byMetric().get(0);
        assertThat(mean.mine()).isCloseTo(0.8, within(1e-12));
        assertThat(mean.delta()).isCloseTo(0.2, within(1e-12));
        assertThat(comparison.byClient("accuracy").get(0).delta()).isCloseTo(0.3, within(1e-12));
        assertThat(comparison.byClient("accuracy").get(1).delta()).isNull();
    }
}
