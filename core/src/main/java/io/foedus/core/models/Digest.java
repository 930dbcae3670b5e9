package io.foedus.core.models;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The SHA-256 of some content: its name everywhere in Foedus.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Digest(String hex) implements Comparable<Digest> {
    private static final int BUFFER = 1 << 16;

    /**
     * Accepts upper case and the prefix {@code sha256:}.
     *
     * @throws IllegalArgumentException if it is not a SHA-256 in hexadecimal
     */
    public Digest {
        hex = hex.toLowerCase(Locale.ROOT);
        if (hex.startsWith("sha256:")) {
            hex = hex.substring(7);
        }
        if (!hex.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(
                    "'" + (hex.length() > 80 ? hex.substring(0, 80) + "…" : hex) + "' is not a SHA-256 in hexadecimal");
        }
    }

    /** A fresh SHA-256 computation, for callers that see the bytes pass by. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Ends a computation; the {@code MessageDigest} is reset. */
    public static Digest of(MessageDigest finished) {
        return new Digest(HexFormat.of().formatHex(finished.digest()));
    }

    public static Digest of(byte[] content) {
        MessageDigest sha = sha256();
        sha.update(content);
        return of(sha);
    }

    /** Digests a whole file with a buffer of 64 KiB. */
    public static Digest of(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return of(channel);
        }
    }

    /** Digests a whole file by positional reads: the channel's position is left alone. */
    public static Digest of(FileChannel file) throws IOException {
        MessageDigest sha = sha256();
        update(sha, file, 0, file.size());
        return of(sha);
    }

    /** Takes a part of a file into a computation. */
    static void update(MessageDigest sha, FileChannel file, long start, long end) throws IOException {
        int most = (int) Math.min(BUFFER, Math.max(0, end - start));
        byte[] heap = new byte[most];
        ByteBuffer buffer = ByteBuffer.allocateDirect(most);
        for (long position = start; position < end; position += buffer.limit()) {
            buffer.clear().limit((int) Math.min(most, end - position));
            Channels.readFully(file, buffer, position);
            int bytes = buffer.flip().remaining();
            buffer.get(heap, 0, bytes);
            sha.update(heap, 0, bytes);
        }
    }

    /** Digests the rest of a stream; does not close it. */
    public static Digest of(InputStream stream) throws IOException {
        MessageDigest sha = sha256();
        byte[] heap = new byte[BUFFER];
        int read = stream.read(heap);
        while (read >= 0) {
            sha.update(heap, 0, read);
            read = stream.read(heap);
        }
        return of(sha);
    }

    /** The first twelve digits, enough for people. */
    public String brief() {
        return hex.substring(0, 12);
    }

    @Override
    public int compareTo(Digest other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
