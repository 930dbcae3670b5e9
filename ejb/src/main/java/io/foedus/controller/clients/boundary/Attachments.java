package io.foedus.controller.clients.boundary;

import io.foedus.core.round.Metrics;
import io.foedus.core.text.Printable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What changed at a combiner since it last said so.
 *
 * @param telemetry samples by client id
 * @param full whether {@code attached} is everybody, so that whoever is not listed is detached
 */
public record Attachments(
        long epoch,
        boolean full,
        List<Attached> attached,
        List<Detached> detached,
        List<UUID> busy,
        List<UUID> idle,
        Map<String, Map<String, Object>> telemetry) {
    private static final int LONGEST = 500;

    public Attachments {
        attached = attached == null ? List.of() : List.copyOf(attached);
        detached = detached == null ? List.of() : List.copyOf(detached);
        busy = busy == null ? List.of() : List.copyOf(busy);
        idle = idle == null ? List.of() : List.copyOf(idle);
        telemetry = telemetry == null ? Map.of() : printable(telemetry);
    }

    private static Map<String, Map<String, Object>> printable(Map<String, Map<String, Object>> samples) {
        Map<String, Map<String, Object>> printable = new HashMap<>();
        samples.forEach((client, sample) ->
                printable.put(client, Metrics.read(sample).metrics().values()));
        return printable;
    }

    /** A client whose stream is open; what it did not say is null. */
    public record Attached(UUID clientId, Map<String, Object> labels, String program, String packageDigest) {
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
