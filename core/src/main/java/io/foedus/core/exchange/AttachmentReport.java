package io.foedus.core.exchange;

import io.foedus.core.round.Metrics;
import io.foedus.core.text.Printable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who came to a combiner, went, or changed since its last report.
 *
 * @param full whether {@code attached} is everybody, so that whoever is not listed is detached
 * @param telemetry samples by client
 */
public record AttachmentReport(
        long epoch,
        boolean full,
        List<Attached> attached,
        List<Detached> detached,
        List<UUID> busy,
        List<UUID> idle,
        Map<UUID, Map<String, Object>> telemetry) {
    private static final int LONGEST = 500;

    public AttachmentReport {
        attached = attached == null ? List.of() : List.copyOf(attached);
        detached = detached == null ? List.of() : List.copyOf(detached);
        busy = busy == null ? List.of() : List.copyOf(busy);
        idle = idle == null ? List.of() : List.copyOf(idle);
        telemetry = telemetry == null ? Map.of() : printable(telemetry);
    }

    /** The ids of those whom it is about. */
    public Set<UUID> clients() {
        return Stream.of(
                        attached.stream().map(Attached::clientId),
                        detached.stream().map(Detached::clientId),
                        busy.stream(),
                        idle.stream(),
                        telemetry.keySet().stream())
                .flatMap(ids -> ids)
                .collect(Collectors.toSet());
    }

    private static Map<UUID, Map<String, Object>> printable(Map<UUID, Map<String, Object>> samples) {
        Map<UUID, Map<String, Object>> printable = new HashMap<>();
        samples.forEach((client, sample) ->
                printable.put(client, Metrics.read(sample).metrics().values()));
        return printable;
    }

    /** The same under this epoch. */
    public AttachmentReport under(long other) {
        return new AttachmentReport(other, full, attached, detached, busy, idle, telemetry);
    }

    /** A client whose stream is open; what it did not say is absent and stays as it was. */
    public record Attached(
            UUID clientId,
            @Nullable Map<String, ?> labels,
            @Nullable String program,
            @Nullable String packageDigest) {
        @SuppressWarnings("unchecked")
        public Attached {
            labels = (Map<String, Object>) Printable.value(labels, LONGEST);
            program = program == null ? null : Printable.line(program, LONGEST);
            packageDigest = packageDigest == null ? null : Printable.line(packageDigest, LONGEST);
        }
    }

    /** A client whose stream has ended, and why. */
    public record Detached(UUID clientId, String reason) {
        public Detached {
            reason = Printable.line(reason, LONGEST);
        }
    }
}
