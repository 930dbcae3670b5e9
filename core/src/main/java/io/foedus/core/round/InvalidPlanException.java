package io.foedus.core.round;

import java.util.List;

/** Session parameters that cannot be used; says everything that is wrong, not only the first thing. */
public class InvalidPlanException extends IllegalArgumentException {
    private final List<String> problems;

    public InvalidPlanException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** One sentence per problem, each beginning with the parameter's name. */
    public List<String> problems() {
        return problems;
    }
}
