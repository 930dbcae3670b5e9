package io.foedus.controller.settings;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Reads {@link ControllerSettings} from MicroProfile Config ({@code foedus.…} properties, {@code FOEDUS_…} variables).
 */
@ApplicationScoped
public class ControllerSettingsProducer {

    @Produces
    @Singleton
    public ControllerSettings settings() {
        return from(ConfigProvider.getConfig());
    }

    static ControllerSettings from(Config config) {
        return new ControllerSettings(
                Path.of(text(config, "foedus.data-dir", "data"))
                        .toAbsolutePath()
                        .normalize(),
                config.getOptionalValue("foedus.bootstrap.password-file", String.class)
                        .filter(path -> !path.isBlank())
                        .map(Path::of),
                number(config, "foedus.limits.package-bytes", 512L << 20),
                number(config, "foedus.limits.package-unpacked-bytes", 4L << 30),
                (int) number(config, "foedus.limits.package-entries", 20_000),
                number(config, "foedus.limits.model-bytes", 16L << 30),
                number(config, "foedus.limits.json-bytes", 8L << 20),
                duration(config, "foedus.tokens.user-lifetime", Duration.ofDays(90)),
                duration(config, "foedus.tokens.join-lifetime", Duration.ofDays(7)),
                duration(config, "foedus.combiners.heartbeat", Duration.ofSeconds(10)));
    }

    private static String text(Config config, String property, String fallback) {
        return config.getOptionalValue(property, String.class)
                .filter(value -> !value.isBlank())
                .orElse(fallback);
    }

    private static long number(Config config, String property, long fallback) {
        return config.getOptionalValue(property, Long.class).orElse(fallback);
    }

    private static Duration duration(Config config, String property, Duration fallback) {
        return config.getOptionalValue(property, Duration.class).orElse(fallback);
    }
}
