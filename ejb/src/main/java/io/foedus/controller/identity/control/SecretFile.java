package io.foedus.controller.identity.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.function.Supplier;

/** Small files that only the controller's user may read (0600 in a directory 0700). */
public final class SecretFile {
    private SecretFile() {}

    /**
     * The file's bytes; if there is none yet it is made whole, in one step, from {@code content}. When several
     * controllers start at once they all end with the same bytes.
     *
     * @throws IllegalStateException if others may read the file
     * @throws UncheckedIOException if the directory cannot be written
     */
    public static byte[] readOrCreate(Path file, Supplier<byte[]> content) {
        try {
            if (!Files.exists(file)) {
                create(file, content.get());
            }
            refuseIfOthersMayRead(file);
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the file was there and is gone now. */
    public static boolean delete(Path file) {
        try {
            return Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void create(Path file, byte[] content) throws IOException {
        Files.createDirectories(
                file.getParent(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path draft = Files.createTempFile(
                file.getParent(),
                file.getFileName().toString(),
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.write(draft, content);
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            // A link fails if the name is taken: whoever is first wins, and nobody sees half a file.
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException e) {
            // another controller was first; its content counts
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static void refuseIfOthersMayRead(Path file) throws IOException {
        Set<PosixFilePermission> permissions;
        try {
            permissions = Files.getPosixFilePermissions(file);
        } catch (UnsupportedOperationException e) {
            return;
        } catch (NoSuchFileException e) {
            throw new IOException(file + " was removed while it was read", e);
        }
        if (permissions.contains(PosixFilePermission.GROUP_READ)
                || permissions.contains(PosixFilePermission.OTHERS_READ)) {
            throw new IllegalStateException(file + " can be read by others; set its mode to 0600 and start again");
        }
    }
}
