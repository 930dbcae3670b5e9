package io.foedus.core.aggregation;

import java.util.List;

/** The server optimizers, by name. */
public final class ServerOptimizers {
    /** For people: each spec with its arguments and defaults. */
    public static final List<String> USAGE = List.of(
            "plain:lr=1 – the aggregate itself, or a fraction of the way to it",
            "fedavgm:lr=1,momentum=0.9 – server momentum",
            "fedadagrad:lr=0.001,beta1=0.9,tau=0.0001",
            "fedadam:lr=0.001,beta1=0.9,beta2=0.99,tau=0.0001",
            "fedyogi:lr=0.001,beta1=0.9,beta2=0.99,tau=0.0001");

    private ServerOptimizers() {}

    /**
     * Makes an optimizer from its spec, for example {@code plain} or {@code fedadam:lr=0.01}.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong and what would be right
     */
    public static ServerOptimizer parse(String text) {
        Spec spec = Spec.parse(text);
        return switch (spec.name()) {
            case "plain" -> Plain.of(spec);
            case "fedavgm" -> Momentum.of(spec);
            case "fedadagrad", "fedadam", "fedyogi" -> Adaptive.of(spec);
            default ->
                throw new IllegalArgumentException("there is no server optimizer '" + spec.name()
                        + "'; known are plain, fedavgm, fedadagrad, fedadam, fedyogi");
        };
    }
}
