package io.foedus.faults;

import io.foedus.federation.Federation;
import io.foedus.federation.Member;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What is kept of a session that contradicts itself or does not end, in {@code target/faults-failed/<name>}: all rows
 * of it and the last events ({@code rows.txt}), every program's log, with the threads of servers at its end, and the
 * combiners' ledgers and journals.
 */
final class Evidence {
    private static final String OF_ROUNDS =
            "SELECT t.* FROM %s t JOIN round r ON r.id = t.round_id WHERE r.session_id = ?::uuid ORDER BY r.number,"
                    + " r.attempt, t.id";
    private static final long MOST_BYTES = 4 << 20;

    private Evidence() {}

    /** Keeps it; trouble in doing so is told and not thrown. */
    static void keep(Stage stage, String session, String what, String name) {
        Path folder = Federation.home("any")
                .resolveSibling("../faults-failed")
                .normalize()
                .resolve(name);
        try {
            Files.createDirectories(folder);
            Federation federation = stage.federation();
            try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(folder.resolve("rows.txt")))) {
                out.println(what);
                queries().forEach((title, query) -> print(federation, title, query, session, out));
            }
            Stream.concat(Stream.of(federation.controller()), federation.combiners().stream())
                    .filter(Member::isAlive)
                    .forEach(member -> member.signal("QUIT")); // a Java program prints its threads
            copy(federation.home().resolve("logs"), folder.resolve("logs"));
            copy(federation.home().resolve("combiners"), folder.resolve("combiners"));
            System.out.println("  rows, logs and journals are in " + folder);
        } catch (IOException | RuntimeException e) {
            System.out.println("  evidence could not be kept whole in " + folder + ": " + e);
        }
    }

    private static Map<String, String> queries() {
        Map<String, String> queries = new LinkedHashMap<>();
        queries.put("session", "SELECT * FROM session WHERE id = ?::uuid");
        queries.put("round", "SELECT * FROM round WHERE session_id = ?::uuid ORDER BY number, attempt");
        for (String table : List.of("share", "participation", "model_update", "validation", "model")) {
            queries.put(table, OF_ROUNDS.formatted(table));
        }
        queries.put("combiner", "SELECT * FROM combiner WHERE ?::uuid IS NOT NULL ORDER BY name");
        queries.put(
                "client",
                "SELECT * FROM client WHERE alliance_id = (SELECT alliance_id FROM session WHERE id = ?::uuid) ORDER BY"
                        + " name");
        queries.put(
                "event",
                "SELECT * FROM (SELECT at, severity, kind, message FROM event WHERE ?::uuid IS NOT NULL ORDER BY id DESC"
                        + " LIMIT 100) e ORDER BY at");
        return queries;
    }

    private static void print(Federation federation, String title, String query, String session, PrintWriter out) {
        out.println("\n== " + title);
        try {
            federation.sql(query, session).forEach(out::println);
        } catch (AssertionError e) {
            out.println("cannot be read: " + e.getCause());
        }
    }

    /** Copies what is small. */
    private static void copy(Path from, Path to) throws IOException {
        if (Files.notExists(from)) {
            return;
        }
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (Files.size(file) <= MOST_BYTES) {
                    Path copy = to.resolve(from.relativize(file).toString());
                    Files.createDirectories(Objects.requireNonNull(copy.getParent()));
                    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
