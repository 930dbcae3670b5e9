package io.foedus.core.blobs;

import io.foedus.core.models.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * A store in a directory: {@code blobs/ab/abcdef…} for complete ones, {@code partial/abcdef…} for broken-off transfers,
 * {@code tmp/} for content whose digest is not known yet, {@code damaged/} for what was a blob. A blob gets its place
 * by temporary file, force, atomic rename and force of the directory; the directory must be one file system.
 *
 * <p>Whoever touches a transfer holds its lock, from before it opens the file until the file has its place: a byte of
 * {@code transfers.lock}, chosen by the digest. That file is never deleted, so all mean the same lock; and one store
 * keeps it open for good, because closing it would give up every lock this process has on it.
 */
public final class DirectoryBlobStore implements BlobStore {
    private static final int BUFFER = 1 << 17;

    private final Path blobs;
    private final Path partials;
    private final Path temporary;
    private final Path damaged;
    private final FileChannel locks;

    /** Opens a store for as long as the process lives, making its directories where they are missing. */
    public DirectoryBlobStore(Path directory) throws IOException {
        blobs = Files.createDirectories(directory.resolve("blobs"));
        partials = Files.createDirectories(directory.resolve("partial"));
        temporary = Files.createDirectories(directory.resolve("tmp"));
        damaged = Files.createDirectories(directory.resolve("damaged"));
        locks = FileChannel.open(
                directory.resolve("transfers.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    @Override
    public OptionalLong bytes(Digest digest) throws IOException {
        try {
            return OptionalLong.of(Files.size(place(digest)));
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        }
    }

    @Override
    public InputStream open(Digest digest, long offset) throws IOException {
        FileChannel channel = openExisting(digest);
        try {
            channel.position(Math.min(offset, channel.size()));
            return Channels.newInputStream(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private FileChannel openExisting(Digest digest) throws IOException {
        try {
            return FileChannel.open(place(digest), StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            throw new BlobMissingException(digest);
        }
    }

    @Override
    public Path file(Digest digest) throws IOException {
        Path place = place(digest);
        if (!Files.exists(place)) {
            throw new BlobMissingException(digest);
        }
        return place;
    }

    @Override
    public Digest put(InputStream content, long maxBytes) throws IOException {
        Path file = Files.createTempFile(temporary, "put", ".tmp");
        try {
            Digest digest = spool(content, file, maxBytes);
            publish(file, digest);
            return digest;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    @Override
    public void put(Digest expected, InputStream content, long maxBytes) throws IOException {
        Path file = Files.createTempFile(temporary, "put", ".tmp");
        try {
            Digest found = spool(content, file, maxBytes);
            if (!found.equals(expected)) {
                throw new DigestMismatchException(expected, found);
            }
            publish(file, found);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static Digest spool(InputStream content, Path file, long maxBytes) throws IOException {
        MessageDigest sha = Digest.sha256();
        byte[] buffer = new byte[BUFFER];
        long total = 0;
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                total += read;
                if (total > maxBytes) {
                    throw new BlobTooLargeException(maxBytes);
                }
                sha.update(buffer, 0, read);
                write(out, buffer, read);
            }
            out.force(true);
        }
        return Digest.of(sha);
    }

    @Override
    public Digest adopt(Path file) throws IOException {
        Digest digest = Digest.of(file);
        Path own = temporary.resolve("adopt-" + java.util.UUID.randomUUID() + ".tmp");
        try {
            Files.move(file, own, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            try (InputStream content = Files.newInputStream(file)) {
                put(digest, content, Long.MAX_VALUE);
            }
            Files.delete(file);
            return digest;
        }
        force(own);
        publish(own, digest);
        return digest;
    }

    @Override
    public long partialBytes(Digest digest) throws IOException {
        try {
            return Files.size(partial(digest));
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    @Override
    public long append(Digest digest, long offset, long totalBytes, InputStream content) throws IOException {
        if (has(digest)) {
            return totalBytes;
        }
        FileLock alone = lock(digest).orElseThrow(() -> new TransferInProgressException(digest));
        try {
            return has(digest) ? totalBytes : receive(digest, offset, totalBytes, content);
        } finally {
            alone.release();
        }
    }

    private long receive(Digest digest, long offset, long totalBytes, InputStream content) throws IOException {
        Path file = partial(digest);
        long length = offset;
        try (FileChannel out =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (offset < 0 || offset > out.size()) {
                throw new IllegalArgumentException(
                        "the transfer would go on at byte " + offset + ", only " + out.size() + " bytes are here");
            }
            out.truncate(offset).position(offset);
            byte[] buffer = new byte[BUFFER];
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                if (length + read > totalBytes) {
                    throw new BlobTooLargeException(totalBytes);
                }
                write(out, buffer, read);
                length += read;
            }
            if (length < totalBytes) {
                return length;
            }
            verify(digest, out, file);
            out.force(true);
            publish(file, digest);
        }
        return totalBytes;
    }

    /** The lock of a transfer; empty if somebody else has it, in this process or another. */
    private Optional<FileLock> lock(Digest digest) throws IOException {
        long place = Long.parseLong(digest.hex().substring(0, 15), 16);
        try {
            return Optional.ofNullable(locks.tryLock(place, 1, false));
        } catch (OverlappingFileLockException e) {
            return Optional.empty();
        }
    }

    private static void verify(Digest expected, FileChannel content, Path file) throws IOException {
        Digest found = Digest.of(content);
        if (!found.equals(expected)) {
            Files.deleteIfExists(file);
            throw new DigestMismatchException(expected, found);
        }
    }

    @Override
    public void abandon(Digest digest) throws IOException {
        FileLock alone = lock(digest).orElseThrow(() -> new TransferInProgressException(digest));
        try {
            Files.deleteIfExists(partial(digest));
        } finally {
            alone.release();
        }
    }

    @Override
    public boolean delete(Digest digest) throws IOException {
        return Files.deleteIfExists(place(digest));
    }

    @Override
    public Soundness check(Digest digest) throws IOException {
        Path place = place(digest);
        try {
            boolean sound = Digest.of(place).equals(digest);
            if (!sound) {
                sound = Digest.of(place).equals(digest); // memory errs too
            }
            if (sound) {
                return Soundness.SOUND;
            }
        } catch (NoSuchFileException e) {
            return Files.exists(damaged.resolve(digest.hex())) ? Soundness.DAMAGED : Soundness.MISSING;
        } catch (IOException e) {
            return Soundness.UNREADABLE;
        }
        return putAside(digest, place);
    }

    /** Unless it was mended, or put aside by somebody else, while it was read. */
    private Soundness putAside(Digest digest, Path place) throws IOException {
        Path aside = damaged.resolve(digest.hex());
        try {
            Files.move(place, aside, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (NoSuchFileException e) {
            return Soundness.DAMAGED;
        } catch (IOException e) {
            return Soundness.UNREADABLE;
        }
        if (Digest.of(aside).equals(digest)) {
            publish(aside, digest);
            return Soundness.SOUND;
        }
        force(shelf(digest));
        return Soundness.DAMAGED;
    }

    @Override
    public List<Digest> storedBefore(Instant moment) throws IOException {
        return digestsBefore(moment, blobs, 2);
    }

    @Override
    public void forgetTransfers(Instant since) throws IOException {
        for (Digest digest : digestsBefore(since, partials, 1)) {
            Optional<FileLock> alone = lock(digest);
            if (alone.isPresent()) {
                try {
                    forget(partial(digest), since);
                } finally {
                    alone.get().release();
                }
            }
        }
        try (Stream<Path> old = filesBefore(since, temporary, 1)) {
            for (Path file : old.toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** It may have gone on, or come to its end, while its age was looked at. */
    private static void forget(Path file, Instant since) throws IOException {
        if (Files.exists(file) && Files.getLastModifiedTime(file).toInstant().isBefore(since)) {
            Files.deleteIfExists(file);
        }
    }

    private static List<Digest> digestsBefore(Instant moment, Path directory, int depth) throws IOException {
        try (Stream<Path> old = filesBefore(moment, directory, depth)) {
            return old.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("[0-9a-f]{64}"))
                    .map(Digest::new)
                    .toList();
        }
    }

    @SuppressWarnings("StreamResourceLeak") // the caller closes it
    private static Stream<Path> filesBefore(Instant moment, Path directory, int depth) throws IOException {
        return Files.find(
                directory,
                depth,
                (file, attributes) -> attributes.isRegularFile()
                        && attributes.lastModifiedTime().toInstant().isBefore(moment));
    }

    private Path place(Digest digest) {
        return shelf(digest).resolve(digest.hex());
    }

    private Path shelf(Digest digest) {
        return blobs.resolve(digest.hex().substring(0, 2));
    }

    private Path partial(Digest digest) {
        return partials.resolve(digest.hex());
    }

    private void publish(Path file, Digest digest) throws IOException {
        Path place = place(digest);
        Path shelf = Files.createDirectories(shelf(digest));
        Files.move(file, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        force(shelf);
    }

    /** Forces a file, or a directory's entries, to disk. */
    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void write(FileChannel out, byte[] buffer, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, length);
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
