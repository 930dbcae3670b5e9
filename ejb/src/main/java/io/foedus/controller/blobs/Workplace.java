package io.foedus.controller.blobs;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.core.blobs.BlobStore;
import io.foedus.core.blobs.DirectoryBlobStore;
import io.foedus.core.models.Digest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Files on their way to become blobs. A controller that is killed leaves them behind; {@link #forget} removes them. */
@ApplicationScoped
public class Workplace {
    @Inject
    ControllerConfig config;

    private final Map<Path, BlobStore> areas = new ConcurrentHashMap<>();

    /**
     * Where seed models of an alliance are that arrive in pieces. They are kept apart from the store until they are
     * whole and were found to be models, so that knowing a digest is never enough to get at somebody else's bytes.
     */
    public BlobStore uploads(UUID alliance) throws IOException {
        return area(directory("uploads").resolve(alliance.toString()));
    }

    /** A store is opened once, so that its locks hold. */
    private BlobStore area(Path place) throws IOException {
        try {
            return areas.computeIfAbsent(place, Workplace::open);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static BlobStore open(Path place) {
        try {
            return new DirectoryBlobStore(place);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new folder; the caller {@linkplain #delete deletes} it. */
    public Path folder() throws IOException {
        return Files.createTempDirectory(directory("scratch"), "reduce-");
    }

    /** Deletes a folder with all that is in it. */
    public static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Throws away what nobody has written to since a moment. */
    public void forget(Instant since) throws IOException {
        for (Path place : entries("uploads")) {
            forgetUploads(area(place), since);
        }
        for (Path folder : entries("scratch")) {
            if (isOlder(folder, since)) {
                delete(folder);
            }
        }
    }

    private static void forgetUploads(BlobStore area, Instant since) throws IOException {
        area.forgetTransfers(since);
        for (Digest whole : area.storedBefore(since)) {
            area.delete(whole);
        }
    }

    /** Whether nothing in a folder was written since; not so if it is being deleted at this moment. */
    private static boolean isOlder(Path folder, Instant since) throws IOException {
        try (Stream<Path> younger = Files.find(
                folder,
                Integer.MAX_VALUE,
                (file, attributes) -> !attributes.lastModifiedTime().toInstant().isBefore(since))) {
            return younger.findAny().isEmpty();
        } catch (NoSuchFileException | UncheckedIOException e) {
            return false;
        }
    }

    private List<Path> entries(String name) throws IOException {
        try (Stream<Path> entries = Files.list(directory(name))) {
            return entries.toList();
        }
    }

    private Path directory(String name) throws IOException {
        return Files.createDirectories(config.data().resolve(name));
    }
}
