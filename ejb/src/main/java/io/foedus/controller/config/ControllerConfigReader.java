package io.foedus.controller.config;

import io.foedus.controller.config.ControllerConfig.Combiners;
import io.foedus.controller.config.ControllerConfig.Database;
import io.foedus.controller.config.ControllerConfig.Limits;
import io.foedus.controller.config.ControllerConfig.Reduce;
import io.foedus.controller.config.ControllerConfig.Retention;
import io.foedus.controller.config.ControllerConfig.Tokens;
import io.foedus.packages.UnpackLimits;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.eclipse.microprofile.config.ConfigProvider;

/** Reads {@link ControllerConfig} once; a setting out of bounds ends the deployment. */
@ApplicationScoped
public class ControllerConfigReader {
    @Produces
    @Singleton
    ControllerConfig settings() {
        return read(key -> ConfigProvider.getConfig().getOptionalValue(key, String.class));
    }

    /** From any source of settings; {@code setting} gives the text of a key where one is set. */
    public static ControllerConfig read(Function<String, Optional<String>> setting) {
        return new Reading(key -> setting.apply(key).filter(text -> !text.isBlank())).config();
    }

    private record Reading(Function<String, Optional<String>> setting) {
        ControllerConfig config() {
            return new ControllerConfig(
                    Path.of(text("foedus.data", "data")).toAbsolutePath().normalize(),
                    text(
                            "foedus.node",
                            "controller-" + UUID.randomUUID().toString().substring(0, 8)),
                    setting.apply("foedus.bootstrap.password-file").map(Path::of),
                    Duration.ofMillis(number("foedus.tick-millis", 1000)),
                    new Combiners(
                            Duration.ofSeconds(number("foedus.combiners.heartbeat-seconds", 5)),
                            Duration.ofSeconds(number("foedus.combiners.lease-seconds", 15))),
                    new Reduce(
                            Duration.ofSeconds(number("foedus.reduce.claim-seconds", 15)),
                            Math.toIntExact(number("foedus.reduce.threads", 2))),
                    new Retention(
                            Duration.ofDays(number("foedus.retention.events-days", 90)),
                            Duration.ofHours(number("foedus.retention.telemetry-hours", 72)),
                            Duration.ofMinutes(number("foedus.retention.every-minutes", 10)),
                            Duration.ofMinutes(number("foedus.retention.blob-grace-minutes", 120)),
                            Duration.ofDays(number("foedus.retention.scrub-days", 7))),
                    new Limits(
                            number("foedus.limits.package-bytes", 512L << 20),
                            number("foedus.limits.package-unpacked-bytes", UnpackLimits.DEFAULT.bytes()),
                            Math.toIntExact(number("foedus.limits.package-entries", UnpackLimits.DEFAULT.entries())),
                            number("foedus.limits.model-bytes", 16L << 30),
                            number("foedus.limits.json-bytes", 8L << 20)),
                    new Tokens(
                            Duration.ofDays(number("foedus.tokens.user-days", 90)),
                            Duration.ofDays(number("foedus.tokens.join-days", 7))),
                    new Database(
                            text("foedus.db.url", "jdbc:postgresql://127.0.0.1:5432/foedus"),
                            text("foedus.db.user", "foedus"),
                            text("foedus.db.password", "")));
        }

        private String text(String key, String otherwise) {
            return setting.apply(key).orElse(otherwise);
        }

        private long number(String key, long otherwise) {
            try {
                return setting.apply(key)
                        .map(String::strip)
                        .map(Long::parseLong)
                        .orElse(otherwise);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(key + " must be a whole number: " + e.getMessage(), e);
            }
        }
    }
}
