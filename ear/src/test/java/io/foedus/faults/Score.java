package io.foedus.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.opentest4j.TestAbortedException;

/** Which faults were survived, for people; closing it prints the line that says it all. Threads may share it. */
final class Score implements AutoCloseable {
    private final List<String> survived = new ArrayList<>();
    private final List<String> lost = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();

    /** Counts what is played as a fault, survived or not. */
    void of(String fault, Runnable play) {
        long begun = System.nanoTime();
        try {
            play.run();
            survived(fault + " (" + Span.seconds(Duration.ofNanos(System.nanoTime() - begun)) + ")");
        } catch (TestAbortedException e) {
            skipped(fault, String.valueOf(e.getMessage()));
            throw e;
        } catch (AssertionError | RuntimeException e) {
            lost(fault, e);
            throw e;
        }
    }

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

    @Override
    public void close() {
        System.out.println(line());
    }
}
