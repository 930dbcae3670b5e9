package io.foedus.agent.training;

import io.foedus.agent.state.PrivateFiles;
import io.foedus.agent.transfer.PartialFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Downloaded global models by digest, for one thread; the newest few are kept, so that training and validating a model
 * fetch it once.
 */
public final class ModelCache {
    private static final int KEPT = 2;

    private final Path root;
    private final Set<String> verified = new HashSet<>();

    public ModelCache(Path root) {
        this.root = root;
    }

    /** Where the model of that digest lies or will lie. */
    public Path place(String digest) {
        if (!digest.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("not a SHA-256 of a model: " + digest);
        }
        return root.resolve(digest);
    }

    /** True if it is here, whole; it counts as used now. What an earlier run left is read once, for its digest. */
    public boolean has(String digest, Instant now) throws IOException {
        Path place = place(digest);
        if (!Files.isRegularFile(place)) {
            return false;
        }
        if (!verified.contains(digest) && !PartialFile.digestOf(place).equals(digest)) {
            Files.delete(place);
            return false;
        }
        verified.add(digest);
        Files.setLastModifiedTime(place, FileTime.from(now));
        return true;
    }

    /** Notes that it has just come, and was found to be what it should be. */
    void arrived(String digest) {
        verified.add(digest);
    }

    /** Removes all but the models used last, and what is left of their downloads. */
    public void trim() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(root)) {
            files = all.sorted(Comparator.comparing(ModelCache::used).reversed())
                    .toList();
        }
        for (Path old : files.subList(Math.min(KEPT, files.size()), files.size())) {
            PrivateFiles.deleteAll(old);
        }
    }

    private static FileTime used(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }
}
