package io.foedus.combiner.collection.entity;

import java.util.Optional;

/** Why a result does not count: a stable code and a sentence. */
public record Refusal(String code, String sentence) {
    /** The reason to refuse that number of examples; empty if it is acceptable. */
    public static Optional<Refusal> ofExamples(long examples, long most) {
        if (examples < 1) {
            return Optional.of(new Refusal("BAD_EXAMPLES", examples + " examples; 1 to " + most + " are acceptable"));
        }
        return examples <= most
                ? Optional.empty()
                : Optional.of(new Refusal(
                        "TOO_MANY_EXAMPLES", examples + " examples; this alliance takes at most " + most + " of one"));
    }

    @Override
    public String toString() {
        return code + ": " + sentence;
    }
}
