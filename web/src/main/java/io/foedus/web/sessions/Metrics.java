package io.foedus.web.sessions;

import java.util.List;
import java.util.Locale;

/** Which of a session's metrics people want to see first. Pure. */
public final class Metrics {
    private Metrics() {}

    /**
     * The wished one if it is there; else accuracy, else the first that is no loss, else the first; null if there are
     * none.
     */
    public static String first(List<String> names, String wish) {
        if (names.contains(wish)) {
            return wish;
        }
        return names.stream()
                .filter(name -> name.toLowerCase(Locale.ROOT).contains("acc"))
                .findFirst()
                .or(() -> names.stream()
                        .filter(name -> !name.toLowerCase(Locale.ROOT).contains("loss"))
                        .findFirst())
                .orElse(names.isEmpty() ? null : names.get(0));
    }
}
