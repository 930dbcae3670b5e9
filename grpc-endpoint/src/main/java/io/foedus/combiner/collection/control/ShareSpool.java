package io.foedus.combiner.collection.control;

import io.foedus.combiner.collection.entity.Fact;
import io.foedus.combiner.spool.control.Journal;
import io.foedus.combiner.spool.control.Spool;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What one share keeps on disk: its journal and the accepted updates. Used by one thread at a time. */
final class ShareSpool implements Closeable {
    private final Path dir;
    private final Journal<Fact> journal;

    ShareSpool(Path dir) throws IOException {
        this.dir = Files.createDirectories(dir);
        this.journal = Journal.open(dir.resolve("journal.jsonl"), Fact.class);
    }

    /** The journal of an earlier run. */
    List<Fact> past() {
        return journal.past();
    }

    /** Takes files over by renaming; durable after the next {@link #write}. */
    void adopt(UUID client, Path upload) throws IOException {
        Files.move(upload, update(client), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Makes facts durable, and the names of files adopted before. */
    void write(List<Fact> facts) throws IOException {
        Spool.force(dir);
        journal.append(facts);
    }

    Path update(UUID client) {
        return dir.resolve(client + ".update");
    }

    /** Where an update that came deflated lies stored, for this run's fold only. */
    Path unpacked(UUID client) {
        return dir.resolve(client + ".unpacked");
    }

    /** The update, if its file is there. */
    Optional<Path> present(UUID client) {
        return Files.exists(update(client)) ? Optional.of(update(client)) : Optional.empty();
    }

    Path partial() {
        return dir.resolve("partial");
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }

    void remove() throws IOException {
        close();
        Spool.remove(dir);
    }
}
