package io.foedus.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was called and whether the answer was right, as a table that people read. Used by one thread. */
final class Report {
    private final String title;
    private final List<Line> lines = new ArrayList<>();

    Report(String title) {
        this.title = title;
    }

    /**
     * One call.
     *
     * @param by the program that made it
     * @param seen what came back, or how it failed
     */
    record Line(String by, String call, boolean ok, String seen) {}

    void add(String by, String call, boolean ok, String seen) {
        lines.add(new Line(by, call, ok, seen));
    }

    int size() {
        return lines.size();
    }

    /** What went wrong after the first so many lines. */
    List<String> failuresSince(int mark) {
        return lines.stream()
                .skip(mark)
                .filter(line -> !line.ok())
                .map(line -> line.by() + " " + line.call())
                .toList();
    }

    /** The table; its last line says {@code n of n pass}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(title).append('\n');
        for (Line line : lines) {
            String seen = line.seen().strip().replaceAll("\\s+", " ");
            int most = line.ok() ? 80 : 700;
            text.append(String.format(
                    Locale.ROOT,
                    "%-4s  %-10s  %-48s  %s%n",
                    line.ok() ? "ok" : "FAIL",
                    line.by(),
                    line.call(),
                    seen.length() > most ? seen.substring(0, most) + "…" : seen));
        }
        long good = lines.stream().filter(Line::ok).count();
        return text.append(good)
                .append(" of ")
                .append(lines.size())
                .append(" pass\n")
                .toString();
    }

    /** Prints the table and keeps it under {@code target}. */
    void publish(Path file) {
        System.out.println(this);
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
