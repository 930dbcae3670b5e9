package io.foedus.launcher.processes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Objects;

/** Files of mode 0600 with one secret each; writing replaces the whole file or nothing of it. */
public final class Secrets {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Secrets() {}

    public static void write(Path file, String secret) {
        try {
            Path fresh = Files.createTempFile(
                    Objects.requireNonNull(file.toAbsolutePath().getParent()),
                    ".",
                    ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(fresh, secret);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The secret in a file; one of 144 random bits is made and written when there is none. */
    public static String made(Path file) {
        if (!Files.exists(file)) {
            byte[] bits = new byte[18];
            RANDOM.nextBytes(bits);
            write(file, Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
        }
        return read(file);
    }
}
