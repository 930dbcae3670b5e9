package io.foedus.faults;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.agent.console.Json;
import io.foedus.federation.Federation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What agents were told about their results, from their logs, against what became of these: an update whose sender
 * heard {@code ACCEPTED} is in the model of its round, unless its round or its combiner's share came to nothing.
 */
final class Receipts {
    private static final Pattern ACCEPTED = Pattern.compile("result settled round=\\d+ task=(\\S+) fate=ACCEPTED");
    private static final Duration MOST = Duration.ofSeconds(30);

    /** Every contradiction in a session that is over. */
    List<String> check(Federation federation, String session) {
        awaitEmptySpools(federation);
        Map<String, JsonNode> tasks = tasks(federation);
        return accepted(federation).stream()
                .filter(tasks::containsKey)
                .map(tasks::get)
                .filter(line -> !line.path("digest").asText("").isEmpty())
                .filter(line -> takenBack(federation, session, line))
                .map(line -> "a receipt was taken back: " + line)
                .toList();
    }

    private static boolean takenBack(Federation federation, String session, JsonNode line) {
        UUID round = UUID.fromString(line.path("round").asText());
        UUID client = UUID.fromString(line.path("client").asText());
        long counted = federation.count(
                "SELECT count(*) FROM model_update WHERE round_id = ? AND client_id = ? AND digest = ? AND fate ="
                        + " 'ACCEPTED'",
                round,
                client,
                line.path("digest").asText());
        long due = federation.count(
                "SELECT count(*) FROM round r JOIN participation p ON p.round_id = r.id AND p.kind = 'TRAIN' JOIN share s"
                        + " ON s.round_id = r.id AND s.combiner_id = p.combiner_id AND s.kind = 'TRAIN' WHERE r.id = ? AND"
                        + " p.client_id = ? AND r.session_id = ?::uuid AND r.phase = 'COMPLETED' AND s.phase = 'REPORTED'",
                round,
                client,
                session);
        return due > 0 && counted == 0;
    }

    /** Combiners forget shares, but not fates, once the controller does not wait for them any more. */
    private static void awaitEmptySpools(Federation federation) {
        await("combiners' spools to be empty of shares")
                .atMost(MOST)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> spools(federation).stream()
                        .allMatch(spool -> list(spool.resolve("shares")).isEmpty()));
    }

    private static Map<String, JsonNode> tasks(Federation federation) {
        Map<String, JsonNode> tasks = new HashMap<>();
        for (Path spool : spools(federation)) {
            for (String line : lines(spool.resolve("ledger.jsonl"))) {
                try {
                    JsonNode json = Json.read(line);
                    tasks.put(json.path("task").asText(), json);
                } catch (IOException e) {
                    throw new AssertionError("a torn line in the ledger of " + spool + ": " + line, e);
                }
            }
        }
        return tasks;
    }

    private static Set<String> accepted(Federation federation) {
        Set<String> tasks = new HashSet<>();
        for (Path log : list(federation.home().resolve("logs"))) {
            for (String line : lines(log)) {
                Matcher matcher = ACCEPTED.matcher(line);
                if (matcher.find()) {
                    tasks.add(matcher.group(1));
                }
            }
        }
        return tasks;
    }

    private static List<Path> spools(Federation federation) {
        return list(federation.home().resolve("combiners"));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList();
        } catch (java.nio.file.NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> list(Path directory) {
        if (Files.notExists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
