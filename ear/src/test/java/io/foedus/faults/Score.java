package io.foedus.faults;

import java.util.ArrayList;
import java.util.List;

/** Which faults were survived, for people. Threads may share it. */
final class Score {
    private final List<String> survived = new ArrayList<>();
    private final List<String> lost = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();

    synchronized void survived(String fault) {
        note(survived, "survived", fault);
    }

    synchronized void lost(String fault, Throwable how) {
        String why = String.valueOf(how.getMessage()).lines().findFirst().orElse("");
        note(lost, "NOT survived", fault + ": " + why);
    }

    synchronized void skipped(String fault, String why) {
        note(skipped, "skipped", fault + ": " + why);
    }

    private static void note(List<String> list, String word, String line) {
        list.add(line);
        System.out.println("  " + word + ": " + line);
    }

    /** The line that says it all. */
    synchronized String line() {
        return "faults survived: " + survived.size() + "/" + (survived.size() + lost.size())
                + (skipped.isEmpty() ? "" : ", skipped: " + skipped.size());
    }
}
