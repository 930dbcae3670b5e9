package io.foedus.combiner.collection.control;

import io.foedus.combiner.collection.entity.TaskEnd;
import io.foedus.combiner.spool.control.Journal;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * How tasks ended, for agents that ask again: kept over restarts, the newest some ten thousand. Safe for many threads.
 */
public final class Ledger implements Closeable {
    private static final int MOST = 20_000;

    private final Map<UUID, TaskEnd> lines = new LinkedHashMap<>();
    private final Path file;
    private Journal<TaskEnd> journal;
    private int written;

    public Ledger(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            try (Journal<TaskEnd> old = Journal.open(file, TaskEnd.class)) {
                old.past().forEach(line -> lines.put(line.task(), line));
            }
        }
        forgetEldest();
        this.journal = rewritten();
    }

    /** A journal of what is still known in place of the old one. */
    private Journal<TaskEnd> rewritten() throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Journal<TaskEnd> next = Journal.open(fresh, TaskEnd.class);
        next.append(List.copyOf(lines.values()));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        written = lines.size();
        return next;
    }

    synchronized void note(List<TaskEnd> ended) throws IOException {
        journal.append(ended);
        written += ended.size();
        for (TaskEnd line : ended) {
            lines.put(line.task(), line);
        }
        forgetEldest();
        if (written > 4 * MOST) {
            Journal<TaskEnd> old = journal;
            journal = rewritten();
            old.close();
        }
    }

    private void forgetEldest() {
        var eldest = lines.keySet().iterator();
        while (lines.size() > MOST && eldest.hasNext()) {
            eldest.next();
            eldest.remove();
        }
    }

    synchronized Optional<TaskEnd> find(UUID task, UUID client) {
        return Optional.ofNullable(lines.get(task)).filter(line -> line.client().equals(client));
    }

    @Override
    public synchronized void close() throws IOException {
        journal.close();
    }
}
