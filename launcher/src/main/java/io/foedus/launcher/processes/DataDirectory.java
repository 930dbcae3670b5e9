package io.foedus.launcher.processes;

import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The directory that holds all that an installation on this machine keeps: database, blobs, keys, secrets, logs. One
 * program uses it at a time; the lock goes with the program, however it ends.
 */
public final class DataDirectory implements AutoCloseable {
    private final Path path;
    private final FileChannel lock;

    private DataDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** Makes the directory where needed and takes it; refuses when another program has it. */
    public static DataDirectory open(Path path) {
        try {
            Path absolute = Directories.ownersOnly(path.toAbsolutePath().normalize());
            FileChannel channel =
                    FileChannel.open(absolute.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock held = tryLock(channel);
            if (held == null) {
                channel.close();
                throw new Failure(
                        ExitCode.CONFLICT,
                        "the data directory " + absolute + " is used by another foedus program",
                        "Stop that one, or give this one its own with --data DIRECTORY.");
            }
            return new DataDirectory(absolute, channel);
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    "cannot use the data directory " + path + ": " + e.getMessage(),
                    "Give one that you may write to with --data DIRECTORY.",
                    e);
        }
    }

    private static @org.jspecify.annotations.Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    public Path path() {
        return path;
    }

    public Path logs() {
        return Directories.ownersOnly(path.resolve("logs"));
    }

    /** A file for a secret; its directory is readable by its owner only. */
    public Path secret(String name) {
        return Directories.ownersOnly(path.resolve("secrets")).resolve(name);
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
