package io.foedus.launcher.processes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A directory that is filled once and then only read, by any number of programs at a time: who comes first fills a
 * directory beside it and renames it, so that nobody sees half of it.
 */
public final class UnpackedOnce {
    private UnpackedOnce() {}

    /** Fills the directory that it is given. */
    @FunctionalInterface
    public interface Filling {
        void into(Path directory) throws IOException;
    }

    /** Returns {@code directory}, filled. */
    public static Path at(Path directory, Filling filling) {
        if (Files.isDirectory(directory)) {
            return directory;
        }
        Path lock = directory.resolveSibling(directory.getFileName() + ".lock");
        synchronized (UnpackedOnce.class) {
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = channel.lock()) {
                if (held.isValid() && !Files.isDirectory(directory)) {
                    Path fresh = directory.resolveSibling(directory.getFileName() + ".new");
                    Directories.delete(fresh);
                    filling.into(Files.createDirectories(fresh));
                    Files.move(fresh, directory, StandardCopyOption.ATOMIC_MOVE);
                }
                return directory;
            } catch (IOException e) {
                throw new UncheckedIOException("cannot unpack to " + directory, e);
            }
        }
    }
}
