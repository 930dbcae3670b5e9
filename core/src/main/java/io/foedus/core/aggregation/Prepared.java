package io.foedus.core.aggregation;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * An aggregator that has seen its contributions.
 *
 * @param kernels makes one kernel per working thread
 * @param notes what was decided on the way, for the record: selected ids, clip bound, noise; values for people
 */
public record Prepared(Supplier<Kernel> kernels, Map<String, String> notes) {
    public Prepared {
        notes = java.util.Collections.unmodifiableMap(new TreeMap<>(notes));
    }

    public static Prepared of(Supplier<Kernel> kernels) {
        return new Prepared(kernels, Map.of());
    }
}
