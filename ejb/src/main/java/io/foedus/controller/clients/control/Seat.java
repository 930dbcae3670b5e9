package io.foedus.controller.clients.control;

import io.foedus.controller.combiners.entity.Combiner.Address;
import java.util.Map;
import java.util.UUID;

/** A combiner that could take a client. */
public record Seat(UUID id, String name, Address address, Map<String, Object> labels, int capacity, int attached) {
    boolean isFree() {
        return attached < capacity;
    }

    double load() {
        return (double) attached / capacity;
    }

    /** In how many labels client and combiner agree, such as {@code region=north}. */
    long near(Map<String, Object> clientLabels) {
        return clientLabels.entrySet().stream()
                .filter(label -> label.getValue().equals(labels.get(label.getKey())))
                .count();
    }
}
