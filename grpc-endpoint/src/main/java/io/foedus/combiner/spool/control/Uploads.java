package io.foedus.combiner.spool.control;

import io.foedus.combiner.spool.entity.UploadRefusal;
import io.foedus.combiner.spool.entity.UploadRefusal.Why;
import io.foedus.core.models.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The files that agents are sending or have sent, until a collection takes them over. Safe for many threads.
 *
 * <p>A file is named by the task it answers (or by FEDn's {@code model_update_id}): {@code <id>.part} while it grows,
 * {@code <id>.<digest>} when it is complete.
 */
public final class Uploads {
    private final Path dir;
    private final SpoolSpace space;
    private final Slots slots;
    private final Map<UUID, Upload> open = new ConcurrentHashMap<>();

    /** @param most how many may be on their way at once */
    public Uploads(Path dir, SpoolSpace space, int most) throws IOException {
        this.dir = Files.createDirectories(dir);
        this.space = space;
        this.slots = new Slots(most);
    }

    /**
     * Waits for a turn: whoever sends is asked for bytes only when it has one, so that many senders at once cost
     * neither memory nor open files.
     *
     * @param begin run when the turn has come
     * @return to be left when the transfer ends, however it does
     */
    public Slots.Slot turn(Runnable begin) {
        return slots.enter(begin);
    }

    /** Bytes at hand of an incomplete file; 0 if there is none. */
    public long durable(UUID id) throws IOException {
        Path part = part(id);
        return Files.exists(part) ? Files.size(part) : 0;
    }

    /** The complete file with that digest. */
    public Optional<Path> complete(UUID id, Digest digest) {
        Path file = dir.resolve(id + "." + digest.hex());
        return Files.exists(file) ? Optional.of(file) : Optional.empty();
    }

    /** The complete file, whatever its digest: the last one sent under that id. */
    public Optional<Complete> complete(UUID id) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dir, id + ".????????*")) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                return Optional.of(new Complete(file, new Digest(name.substring(name.indexOf('.') + 1))));
            }
        }
        return Optional.empty();
    }

    /** A file that has arrived. */
    public record Complete(Path file, Digest digest) {}

    /**
     * Begins or continues; an earlier call that still sends the same file fails from now on.
     *
     * @param size announced size, or -1
     * @param most largest acceptable size
     */
    public Upload open(UUID id, long offset, long size, long most) throws IOException {
        return Objects.requireNonNull(alone(id, former -> {
            if (former != null) {
                former.supersede();
            }
            return new Upload(part(id), offset, size, most, space);
        }));
    }

    /**
     * Ends an upload.
     *
     * @param expected what the sender announced, if it did
     * @throws UploadRefusal if the digest is another one; the bytes are thrown away
     */
    public Complete finish(UUID id, Upload upload, Optional<Digest> expected) throws IOException {
        Digest digest = upload.finish();
        Path file = dir.resolve(id + "." + digest.hex());
        alone(id, present -> {
            if (present != upload) {
                throw new UploadRefusal(Why.SUPERSEDED, "a newer call sends this file");
            }
            if (expected.isEmpty() || expected.get().equals(digest)) {
                Files.move(upload.part(), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.deleteIfExists(upload.part());
            }
            return null;
        });
        if (expected.isPresent() && !expected.get().equals(digest)) {
            throw new UploadRefusal(
                    Why.DIGEST_MISMATCH,
                    "the bytes that arrived have SHA-256 " + digest.brief() + "…, announced was "
                            + expected.get().brief() + "…");
        }
        return new Complete(file, digest);
    }

    /** Lets go of a broken call; what arrived stays for the next one. */
    public void release(UUID id, Upload upload) throws IOException {
        open.remove(id, upload);
        upload.close();
    }

    /** Takes a complete file back from whoever had taken it over. */
    public void giveBack(UUID id, Digest digest, Path file) throws IOException {
        Files.move(
                file,
                dir.resolve(id + "." + digest.hex()),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** Throws away what belongs to an id. */
    public void discard(UUID id) throws IOException {
        Upload upload = open.remove(id);
        if (upload != null) {
            upload.supersede();
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dir, id + ".*")) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Throws away what has not grown since a moment: files of tasks that are long over. */
    public void forget(Instant since) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dir)) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(since)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** Something done with the file of an id. */
    private interface Step {
        /** @return who sends the file from now on, if anybody does */
        @Nullable Upload go(@Nullable Upload present) throws IOException;
    }

    /**
     * No two calls touch the file of an id at once: one that still wrote after another had begun it anew would leave
     * its bytes in it.
     */
    private @Nullable Upload alone(UUID id, Step step) throws IOException {
        try {
            return open.compute(id, (same, present) -> {
                try {
                    return step.go(present);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private Path part(UUID id) {
        return dir.resolve(id + ".part");
    }
}
