package io.foedus.agent.training;

import io.foedus.agent.state.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/**
 * A small file that begins with the SHA-256 of the rest. A machine that loses its power may keep the name of a file and
 * not its bytes; such a file is not there.
 */
final class SealedFile {
    private static final int SEAL = 32;

    private SealedFile() {}

    /** Writes or replaces the file as {@link PrivateFiles#write(Path, byte[], boolean)} does. */
    static void write(Path file, byte[] content, boolean forced) throws IOException {
        byte[] sealed = Arrays.copyOf(seal(content), SEAL + content.length);
        System.arraycopy(content, 0, sealed, SEAL, content.length);
        PrivateFiles.write(file, sealed, forced);
    }

    /** What was written, if it is there as a whole. */
    static Optional<byte[]> read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        byte[] sealed = Files.readAllBytes(file);
        if (sealed.length < SEAL) {
            return Optional.empty();
        }
        byte[] content = Arrays.copyOfRange(sealed, SEAL, sealed.length);
        return MessageDigest.isEqual(seal(content), Arrays.copyOf(sealed, SEAL))
                ? Optional.of(content)
                : Optional.empty();
    }

    private static byte[] seal(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
