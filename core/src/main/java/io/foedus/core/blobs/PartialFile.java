package io.foedus.core.blobs;

import io.foedus.core.models.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.function.LongConsumer;

/**
 * A file on its way in: what arrived lies in {@code <target>.part}, and becomes {@code <target>} when its SHA-256 is
 * the expected one. Not for several threads at once.
 */
public final class PartialFile implements AutoCloseable {
    /** Where bytes come from, as {@code InputStream} has it: how many were read into the buffer, -1 at the end. */
    @FunctionalInterface
    public interface Source {
        int read(byte[] buffer) throws IOException;
    }

    private static final int BUFFER = 256 << 10;

    private final Path target;
    private final Path part;
    private final Digest expected;
    private final FileChannel channel;
    private MessageDigest digest = Digest.sha256();
    private long length;

    private PartialFile(Path target, Digest expected) throws IOException {
        this.target = target;
        this.part = target.resolveSibling(target.getFileName() + ".part");
        this.expected = expected;
        this.channel =
                FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** Takes what is there into the digest. */
    private void readAgain() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        while (channel.read(buffer, length) > 0) {
            length += buffer.position();
            digest.update(buffer.flip());
            buffer.clear();
        }
    }

    /** Goes on with what an earlier attempt left, which is read once for its digest. */
    public static PartialFile open(Path target, Digest expected) throws IOException {
        PartialFile file = new PartialFile(target, expected);
        try {
            file.readAgain();
            return file;
        } catch (IOException e) {
            file.close();
            throw e;
        }
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

    /**
     * Adds what the other side sends.
     *
     * @param fromOffset whether it begins where this file ends; else it begins at zero, and so does this file again
     * @param progress hears after each piece how many bytes are there
     */
    public void receive(Source bytes, boolean fromOffset, LongConsumer progress) throws IOException {
        if (!fromOffset) {
            restart();
        }
        byte[] buffer = new byte[BUFFER];
        for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
            append(ByteBuffer.wrap(buffer, 0, read));
            progress.accept(length);
        }
    }

    /** Throws away what arrived: the sender begins again at zero. */
    public void restart() throws IOException {
        channel.truncate(0);
        length = 0;
        digest = Digest.sha256();
    }

    /**
     * Makes the file durable under its own name.
     *
     * @throws DigestMismatchException if it is not what was expected; what arrived is thrown away
     */
    public Path complete() throws IOException {
        requireExpected();
        channel.force(true);
        channel.close();
        moveDurably(part, target);
        return target;
    }

    /**
     * Gives the file its own name without forcing it to disk, for what can be had again: after a crash of the machine
     * its digest is to be checked again.
     *
     * @throws DigestMismatchException if it is not what was expected; what arrived is thrown away
     */
    public Path completeUnforced() throws IOException {
        requireExpected();
        channel.close();
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return target;
    }

    private void requireExpected() throws IOException {
        Digest actual = Digest.of(digest);
        if (!actual.equals(expected)) {
            restart();
            throw new DigestMismatchException(expected, actual);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Renames and makes the rename itself durable where the file system lets a folder be synced. */
    public static void moveDurably(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Path parent = to.toAbsolutePath().getParent();
        if (parent != null
                && parent.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel folder = FileChannel.open(parent, StandardOpenOption.READ)) {
                folder.force(true);
            }
        }
    }
}
