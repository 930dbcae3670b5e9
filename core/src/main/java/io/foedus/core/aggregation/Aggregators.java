package io.foedus.core.aggregation;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The aggregators at hand, by name. */
public final class Aggregators {
    private static final List<AggregatorProvider> ALL =
            ServiceLoader.load(AggregatorProvider.class, AggregatorProvider.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList();

    private Aggregators() {}

    public static List<AggregatorProvider> all() {
        return ALL;
    }

    /**
     * Makes an aggregator from its spec, for example {@code mean} or {@code trimmed-mean:0.1}.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong and what would be right
     */
    public static Aggregator parse(String text) {
        Spec spec = Spec.parse(text);
        return ALL.stream()
                .filter(provider -> provider.name().equals(spec.name()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no aggregator '" + spec.name()
                        + "'; known are "
                        + ALL.stream().map(AggregatorProvider::name).sorted().collect(Collectors.joining(", "))))
                .create(spec);
    }
}
