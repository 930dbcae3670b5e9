package io.foedus.controller.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.controller.config.ControllerConfig.Combiners;
import io.foedus.controller.config.ControllerConfig.Database;
import io.foedus.controller.config.ControllerConfig.Limits;
import io.foedus.controller.config.ControllerConfig.Reduce;
import io.foedus.controller.config.ControllerConfig.Retention;
import io.foedus.controller.config.ControllerConfig.Tokens;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ControllerConfigTest {
    private static ControllerConfig read(Map<String, String> settings) {
        return ControllerConfigReader.read(key -> Optional.ofNullable(settings.get(key)));
    }

    @Test
    void every_default_is_pinned() {
        ControllerConfig config = read(Map.of());
        assertThat(config.node()).matches("controller-[0-9a-f]{8}");
        assertThat(config)
                .isEqualTo(new ControllerConfig(
                        Path.of("data").toAbsolutePath(),
                        config.node(),
                        Optional.empty(),
                        Duration.ofSeconds(1),
                        new Combiners(Duration.ofSeconds(5), Duration.ofSeconds(15)),
                        new Reduce(Duration.ofSeconds(15), 2),
                        new Retention(
                                Duration.ofDays(90),
                                Duration.ofHours(72),
                                Duration.ofMinutes(10),
                                Duration.ofHours(2),
                                Duration.ofDays(7)),
                        new Limits(512L << 20, 4L << 30, 20_000, 16L << 30, 8L << 20),
                        new Tokens(Duration.ofDays(90), Duration.ofDays(7)),
                        new Database("jdbc:postgresql://127.0.0.1:5432/foedus", "foedus", "")));
    }

    @Test
    void a_lease_shorter_than_two_heartbeats_is_refused_by_name() {
        assertThatThrownBy(() -> read(Map.of("foedus.combiners.lease-seconds", "9")))
                .hasMessageContaining("foedus.combiners.lease-seconds");
    }

    @Test
    void a_number_that_is_none_is_refused_by_name() {
        assertThatThrownBy(() -> read(Map.of("foedus.reduce.threads", "two")))
                .hasMessageContaining("foedus.reduce.threads");
    }

    @Test
    void the_password_is_not_printed() {
        assertThat(read(Map.of("foedus.db.password", "hush")).toString()).doesNotContain("hush");
    }
}
