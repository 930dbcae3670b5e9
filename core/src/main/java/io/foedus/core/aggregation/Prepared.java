package io.foedus.core.aggregation;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * An aggregator that has seen its contributions.
 *
 * @param kernels makes one kernel per working thread
 * @param sum how a partial of this fold is made, if the rule is a sum; without, a partial is the result itself
 * @param weight what the result counts with as a partial
 * @param notes what was decided on the way, for the record: selected ids, clip bound, noise; values for people
 * @param next spec of the aggregator for the next round, if the rule adapts
 */
public record Prepared(
        Supplier<Kernel> kernels, Optional<Sum> sum, double weight, Map<String, String> notes, Optional<String> next) {
    public Prepared {
        notes = Collections.unmodifiableMap(new TreeMap<>(notes));
    }

    /** A rule without anything to note; its result counts with the sum of the contributions' weights. */
    public static Prepared of(Supplier<Kernel> kernels, List<Contribution> contributions) {
        return new Prepared(kernels, Optional.empty(), weight(contributions), Map.of(), Optional.empty());
    }

    /** The same with notes. */
    public Prepared noting(Map<String, String> what) {
        return new Prepared(kernels, sum, weight, what, next);
    }

    /** The same for a rule that is a sum. */
    Prepared summing(Sum how) {
        return new Prepared(kernels, Optional.of(how), weight, notes, next);
    }

    static double weight(List<Contribution> contributions) {
        return contributions.stream().mapToDouble(Contribution::weight).sum();
    }
}
