package io.foedus.web.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.controller.insight.entity.MetricName;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private static final MetricName ALIKE = new MetricName("accuracy", false);
    private static final MetricName LOCAL = new MetricName("local_accuracy", true);
    private static final MetricName LOSS = new MetricName("loss", true);
    private static final MetricName COUNT = new MetricName("num_examples", true);

    @Test
    void what_clients_differ_in_is_shown_first() {
        assertThat(Metrics.first(List.of(ALIKE, LOCAL, LOSS, COUNT), null)).isEqualTo("local_accuracy");
        assertThat(Metrics.first(List.of(ALIKE, LOSS, COUNT), null)).isEqualTo("loss");
    }

    @Test
    void a_count_of_examples_is_no_quality_of_a_model() {
        assertThat(Metrics.first(List.of(ALIKE, COUNT), null)).isEqualTo("accuracy");
        assertThat(Metrics.first(List.of(COUNT), null)).isEqualTo("num_examples");
    }

    @Test
    void a_wish_comes_first_if_it_is_there() {
        assertThat(Metrics.first(List.of(ALIKE, LOCAL), "accuracy")).isEqualTo("accuracy");
        assertThat(Metrics.first(List.of(ALIKE, LOCAL), "gone")).isEqualTo("local_accuracy");
        assertThat(Metrics.first(List.of(), "gone")).isNull();
    }
}
