package io.foedus.controller.config;

import io.foedus.packages.UnpackLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Settings of a controller; keys and defaults are in {@link ControllerConfigReader}.
 *
 * @param data directory for blobs, keys and the set-up code; shared by the controllers of one installation
 * @param node name of this controller in logs and claims
 * @param bootstrapPasswordFile when no account exists, {@code admin} is made with the password in this file
 * @param tick how often due rows are looked for; the safety net, not the engine
 * @param database where PostgreSQL is, for the connection that listens; the pool reads the same environment
 */
public record ControllerConfig(
        Path data,
        String node,
        Optional<Path> bootstrapPasswordFile,
        Duration tick,
        Combiners combiners,
        Reduce reduce,
        Retention retention,
        Limits limits,
        Tokens tokens,
        Database database) {

    /**
     * @param heartbeat how long a combiner's heartbeat is held open when there is no news
     * @param lease how long a combiner may be silent before its shares are lost and its clients detached
     */
    public record Combiners(Duration heartbeat, Duration lease) {
        public Combiners {
            positive("foedus.combiners.heartbeat-seconds", heartbeat);
            if (lease.compareTo(heartbeat.multipliedBy(2)) < 0) {
                throw new IllegalArgumentException(
                        "foedus.combiners.lease-seconds must be at least twice foedus.combiners.heartbeat-seconds");
            }
        }

        /** How long a combiner that is well may be silent between two heartbeats. */
        public Duration pause() {
            return heartbeat.multipliedBy(2);
        }
    }

    /**
     * @param claim how long a reducer's claim lives without being renewed
     * @param threads threads of one fold
     */
    public record Reduce(Duration claim, int threads) {
        public Reduce {
            positive("foedus.reduce.claim-seconds", claim);
            within("foedus.reduce.threads", threads, 1, 64);
        }
    }

    /**
     * @param events how long events are kept
     * @param telemetry how long samples are kept
     * @param every how often old data is thrown away
     * @param blobGrace how old a blob that nothing refers to must be before it is deleted
     * @param scrub how long a blob may go without being read again and compared with its digest
     */
    public record Retention(Duration events, Duration telemetry, Duration every, Duration blobGrace, Duration scrub) {
        public Retention {
            positive("foedus.retention.every-minutes", every);
            positive("foedus.retention.blob-grace-minutes", blobGrace);
            positive("foedus.retention.events-days", events);
            positive("foedus.retention.telemetry-hours", telemetry);
            positive("foedus.retention.scrub-days", scrub);
        }
    }

    /**
     * @param packageBytes largest compute package archive
     * @param unpackedBytes largest sum of a package's entries when unpacked
     * @param packageEntries most entries in a package
     * @param modelBytes largest model or update
     * @param jsonBytes largest JSON request body
     */
    public record Limits(long packageBytes, long unpackedBytes, int packageEntries, long modelBytes, long jsonBytes) {
        public Limits {
            within("foedus.limits.package-bytes", packageBytes, 1, Long.MAX_VALUE);
            within("foedus.limits.package-unpacked-bytes", unpackedBytes, 1, UnpackLimits.DEFAULT.bytes());
            within("foedus.limits.package-entries", packageEntries, 1, UnpackLimits.DEFAULT.entries());
            within("foedus.limits.model-bytes", modelBytes, 1, Long.MAX_VALUE);
            within("foedus.limits.json-bytes", jsonBytes, 1, Integer.MAX_VALUE);
        }

        /** Largest blob of a combiner: a partial has up to ten bytes for one of its model, and longer names. */
        public long partialBytes() {
            return modelBytes > Long.MAX_VALUE / 16 ? Long.MAX_VALUE : 10 * modelBytes + (16 << 20);
        }
    }

    /** Life of a personal token, and of a join token, that names none. */
    public record Tokens(Duration user, Duration join) {
        public Tokens {
            positive("foedus.tokens.user-days", user);
            positive("foedus.tokens.join-days", join);
        }
    }

    /** Coordinates of PostgreSQL. */
    public record Database(String url, String user, String password) {
        @Override
        public String toString() {
            return "Database[url=" + url + ", user=" + user + "]";
        }
    }

    /** @throws IllegalArgumentException naming the setting that is out of bounds */
    public ControllerConfig {
        positive("foedus.tick-millis", tick);
        if (tick.multipliedBy(4).compareTo(combiners.lease()) > 0) {
            throw new IllegalArgumentException(
                    "foedus.tick-millis must be at most a quarter of foedus.combiners.lease-seconds");
        }
        if (node.isBlank()) {
            throw new IllegalArgumentException("foedus.node must not be blank");
        }
    }

    public Path blobDirectory() {
        return data.resolve("blobs");
    }

    public Path keyDirectory() {
        return data.resolve("keys");
    }

    public Path setupCodeFile() {
        return data.resolve("setup-code");
    }

    private static void positive(String key, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(key + " must be more than 0");
        }
    }

    private static void within(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(key + " must be " + least + " to " + most + ", not " + value);
        }
    }
}
