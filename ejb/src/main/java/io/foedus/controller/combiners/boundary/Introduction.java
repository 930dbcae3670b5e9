package io.foedus.controller.combiners.boundary;

import io.foedus.controller.combiners.entity.Combiner.Address;
import io.foedus.controller.refusals.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a combiner says about itself when it registers; anything may be missing as it comes from outside.
 *
 * @param host where agents reach it
 * @param capacity most clients it wants to hold
 * @param labels for placing clients near to it
 * @param program name and version
 */
public record Introduction(
        String name,
        String host,
        Integer port,
        Boolean tls,
        Integer capacity,
        Map<String, Object> labels,
        String program) {
    public Introduction {
        labels = labels == null ? Map.of() : Map.copyOf(labels);
        program = program == null ? "" : program;
    }

    /** @throws Refusal naming everything that is wrong */
    public Introduction checked() {
        List<String> wrong = new ArrayList<>();
        if (name == null || name.isBlank() || name.length() > 100) {
            wrong.add("name must have 1 to 100 characters");
        }
        if (host == null || host.isBlank()) {
            wrong.add("host must say where agents reach the combiner");
        }
        if (port == null || port < 1 || port > 65_535) {
            wrong.add("port must be 1 to 65535");
        }
        if (capacity != null && capacity < 1) {
            wrong.add("capacity must be at least 1");
        }
        if (!wrong.isEmpty()) {
            throw Refusal.unacceptable(
                    "BAD_COMBINER", String.join("; ", wrong) + ".", "Mend the combiner's configuration.");
        }
        return this;
    }

    public Address address() {
        return new Address(host, port, Boolean.TRUE.equals(tls));
    }

    public int room() {
        return capacity == null ? 10_000 : capacity;
    }
}
