package io.foedus.core.plan;

import java.util.List;
import java.util.stream.Collectors;

/** A plan that cannot be carried out; tells everything that is wrong with it, not only the first thing. */
public class InvalidPlanException extends IllegalArgumentException {
    private final transient List<Breach> breaches;

    public InvalidPlanException(List<Breach> breaches) {
        super(breaches.stream().map(Breach::sentence).collect(Collectors.joining("; ")));
        this.breaches = List.copyOf(breaches);
    }

    /**
     * One thing that is wrong.
     *
     * @param key the member of the plan, such as {@code rounds} or {@code stop.metric}
     * @param sentence begins with the key
     */
    public record Breach(String key, String sentence) {}

    /** In the order of the plan's keys, as far as values are concerned; never empty. */
    public List<Breach> breaches() {
        return breaches;
    }

    /** The sentences of all breaches. */
    public List<String> problems() {
        return breaches.stream().map(Breach::sentence).toList();
    }
}
