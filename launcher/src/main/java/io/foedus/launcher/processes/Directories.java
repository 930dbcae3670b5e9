package io.foedus.launcher.processes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/** Directories for the owner only, and the end of directories. */
public final class Directories {
    private Directories() {}

    /** Makes a directory of mode 0700, and those above it, where they are not there. */
    public static Path ownersOnly(Path directory) {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes a file, or a directory with all in it; nothing there is fine. Links are not followed. */
    public static void delete(Path path) {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            try (Stream<Path> tree = Files.walk(path)) {
                for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(each); // the hook of a shutdown may be at it too
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
