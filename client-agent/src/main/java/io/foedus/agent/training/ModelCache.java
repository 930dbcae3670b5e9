package io.foedus.agent.training;

import io.foedus.agent.state.PrivateFiles;
import io.foedus.core.models.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Downloaded global models by digest, for one thread; those used last are kept, so that training and validating a model
 * fetch it once. The order of uses is remembered, not read from a clock, which may be set back; what an earlier run
 * left was used before.
 */
public final class ModelCache {
    private static final int KEPT = 2;

    private final Path root;
    /** The models that were found whole, by their last use. */
    private final Set<String> used = new LinkedHashSet<>();

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
    public boolean has(String digest) throws IOException {
        Path place = place(digest);
        if (!Files.isRegularFile(place)) {
            return false;
        }
        if (!used.contains(digest) && !Digest.of(place).hex().equals(digest)) {
            Files.delete(place);
            return false;
        }
        arrived(digest);
        return true;
    }

    /** Notes that it has just come, and was found to be what it should be. */
    void arrived(String digest) {
        used.remove(digest);
        used.add(digest);
    }

    /** Removes all but the models used last, and what is left of their downloads. */
    public void trim() throws IOException {
        List<String> lastUsed = new ArrayList<>(used);
        List<Path> files;
        try (Stream<Path> all = Files.list(root)) {
            files = all.sorted(Comparator.comparingInt(file -> lastUsed.indexOf(String.valueOf(file.getFileName()))))
                    .toList();
        }
        for (Path old : files.subList(0, Math.max(0, files.size() - KEPT))) {
            PrivateFiles.deleteAll(old);
            used.remove(String.valueOf(old.getFileName()));
        }
    }
}
