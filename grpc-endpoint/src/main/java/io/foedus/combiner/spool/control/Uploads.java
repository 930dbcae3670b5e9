package io.foedus.combiner.spool.control;

import io.foedus.combiner.spool.entity.UploadRefusal;
import io.foedus.combiner.spool.entity.UploadRefusal.Why;
import io.foedus.core.models.Digest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The files that agents are sending or have sent, until a collection takes them over. Safe for many threads.
 *
 * <p>A file is named by the task it answers (or by FEDn's {@code model_update_id}, see {@link #answers}):
 * {@code <id>.part} while it grows, {@code <id>.<digest>} when it is complete.
 */
public final class Uploads {
    private static final int MOST_OF_ONE = 2;
    private static final int MOST_WAITING_OF_ONE = 8;

    private final Path dir;
    private final SpoolSpace space;
    private final Slots slots;
    private final Map<UUID, Place> places = new ConcurrentHashMap<>();
    private final Map<UUID, Set<UUID>> answered = new HashMap<>();

    /** @param most how many may be on their way at once */
    public Uploads(Path dir, SpoolSpace space, int most) throws IOException {
        this.dir = Files.createDirectories(dir);
        this.space = space;
        this.slots = new Slots(most, MOST_OF_ONE, MOST_WAITING_OF_ONE);
    }

    /**
     * Waits for a turn: whoever sends is asked for bytes only when it has one, so that many senders at once cost
     * neither memory nor open files.
     *
     * @param begin run when the turn has come
     * @return to be left when the transfer ends, however it does
     * @throws UploadRefusal if the client has too many on their way or waiting
     */
    public Slots.Slot turn(UUID client, Runnable begin) throws UploadRefusal {
        return slots.enter(client, begin)
                .orElseThrow(() -> new UploadRefusal(
                        Why.TOO_MANY, "this client has " + MOST_WAITING_OF_ONE + " uploads on their way already"));
    }

    /** How many wait for their turn. */
    public int waiting() {
        return slots.waiting();
    }

    /**
     * Notes which tasks a file may answer, where its name does not tell: it is thrown away with the last of them. What
     * was noted before is forgotten.
     */
    public void answers(UUID id, Set<UUID> tasks) {
        synchronized (answered) {
            answered.put(id, new HashSet<>(tasks));
        }
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
        alone(id, present -> present == upload ? null : present);
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

    /** Throws away the file of an id, and files that answer no other task than the one of that id. */
    public void discard(UUID id) throws IOException {
        for (UUID file : files(id)) {
            alone(file, present -> {
                if (present != null) {
                    present.supersede();
                }
                try (DirectoryStream<Path> lying = Files.newDirectoryStream(dir, file + ".*")) {
                    for (Path one : lying) {
                        Files.deleteIfExists(one);
                    }
                }
                return null;
            });
        }
    }

    /** The file of that name and those that only answered the task of that name. */
    private List<UUID> files(UUID id) {
        List<UUID> files = new ArrayList<>(List.of(id));
        synchronized (answered) {
            answered.remove(id);
            answered.forEach((file, tasks) -> {
                if (tasks.remove(id) && tasks.isEmpty()) {
                    files.add(file);
                }
            });
            answered.keySet().removeAll(files);
        }
        return files;
    }

    /** Throws away what has not grown since a moment: files of tasks that are long over. */
    public void forget(Instant since) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dir)) {
            for (Path file : files) {
                forget(file, since);
            }
        }
        synchronized (answered) {
            answered.keySet().removeIf(id -> !Files.exists(part(id)) && isAbsent(id));
        }
    }

    private static void forget(Path file, Instant since) throws IOException {
        try {
            if (Files.getLastModifiedTime(file).toInstant().isBefore(since)) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            // taken over or thrown away meanwhile, which is as well
        }
    }

    private boolean isAbsent(UUID id) {
        try {
            return complete(id).isEmpty();
        } catch (IOException e) {
            return false;
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
        Place place = Objects.requireNonNull(places.compute(id, (same, known) -> {
            Place found = known == null ? new Place() : known;
            found.users++;
            return found;
        }));
        place.turn.lock();
        try {
            place.present = step.go(place.present);
            return place.present;
        } finally {
            place.turn.unlock();
            // empty places go; whoever comes later makes a new one
            places.computeIfPresent(id, (same, known) -> --known.users == 0 && known.present == null ? null : known);
        }
    }

    /** Where one file lies. What takes time is done under its own lock, never under the map's. */
    private static final class Place {
        private final Lock turn = new ReentrantLock();
        private int users;
        private volatile @Nullable Upload present;
    }

    private Path part(UUID id) {
        return dir.resolve(id + ".part");
    }
}
