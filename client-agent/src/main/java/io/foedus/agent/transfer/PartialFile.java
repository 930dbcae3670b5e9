package io.foedus.agent.transfer;

import io.foedus.agent.state.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file on its way in: what arrived lies in {@code <target>.part}, and becomes {@code <target>} when its SHA-256 is
 * the expected one. Not for several threads at once.
 */
public final class PartialFile implements AutoCloseable {
    private final Path target;
    private final Path part;
    private final String expected;
    private final FileChannel channel;
    private MessageDigest digest = sha256();
    private long length;

    private PartialFile(Path target, String expected) throws IOException {
        this.target = target;
        this.part = target.resolveSibling(target.getFileName() + ".part");
        this.expected = expected;
        this.channel =
                FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        ByteBuffer buffer = ByteBuffer.allocate(256 << 10);
        while (channel.read(buffer, length) > 0) {
            length += buffer.position();
            digest.update(buffer.flip());
            buffer.clear();
        }
    }

    /** Goes on with what an earlier attempt left, which is read once for its digest. */
    public static PartialFile open(Path target, String expectedSha256) throws IOException {
        return new PartialFile(target, expectedSha256);
    }

    /** How many bytes are there already: where the transfer goes on. */
    public long length() {
        return length;
    }

    /** Adds bytes at the end. */
    public void append(ByteBuffer bytes) throws IOException {
        digest.update(bytes.duplicate());
        while (bytes.hasRemaining()) {
            length += channel.write(bytes, length);
        }
    }

    /** Throws away what arrived: the sender begins again at zero. */
    public void restart() throws IOException {
        channel.truncate(0);
        length = 0;
        digest = sha256();
    }

    /**
     * Makes the file durable under its own name.
     *
     * @throws DigestMismatch if it is not what was expected; what arrived is thrown away
     */
    public Path complete() throws IOException {
        requireExpected();
        channel.force(true);
        channel.close();
        PrivateFiles.moveDurably(part, target);
        return target;
    }

    /**
     * Gives the file its own name without forcing it to disk, for what can be had again: after a crash of the machine
     * its digest is to be checked again.
     *
     * @throws DigestMismatch if it is not what was expected; what arrived is thrown away
     */
    public Path completeUnforced() throws IOException {
        requireExpected();
        channel.close();
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return target;
    }

    private void requireExpected() throws IOException {
        String actual = HexFormat.of().formatHex(digest.digest());
        if (!actual.equals(expected)) {
            restart();
            throw new DigestMismatch(expected, actual);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** SHA-256 of a file, as lower-case hex. */
    public static String digestOf(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate(256 << 10);
            while (in.read(buffer) >= 0) {
                digest.update(buffer.flip());
                buffer.clear();
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** SHA-256 of bytes, as lower-case hex. */
    public static String digestOf(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    /** True if a finished file is there. A file under its own name was checked when it was moved there. */
    public static boolean isThere(Path target) {
        return Files.isRegularFile(target);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The bytes that came are not the bytes that were announced. */
    public static final class DigestMismatch extends IOException {
        DigestMismatch(String expected, String actual) {
            super("expected SHA-256 " + expected + " but the bytes have " + actual);
        }
    }
}
