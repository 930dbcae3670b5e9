package io.foedus.combiner.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.foedus.combiner.spool.control.SpoolSpace;
import io.foedus.combiner.spool.control.Upload;
import io.foedus.combiner.spool.control.Uploads;
import io.foedus.combiner.spool.entity.UploadRefusal;
import io.foedus.core.models.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadsTest {
    private static final byte[] CONTENT = "twelve bytes".getBytes();
    private static final Digest DIGEST = Digest.of(CONTENT);

    @TempDir
    Path dir;

    private final UUID id = UUID.randomUUID();

    @Test
    void a_file_goes_on_where_it_broke_even_for_another_process() throws IOException {
        Uploads uploads = uploads(0);
        Upload broken = uploads.open(id, 0, 12, 100);
        broken.write(ByteBuffer.wrap(CONTENT, 0, 5));
        uploads.release(id, broken);

        Uploads later = uploads(0);
        assertThat(later.durable(id)).isEqualTo(5);
        Upload rest = later.open(id, 5, 12, 100);
        rest.write(ByteBuffer.wrap(CONTENT, 5, 7));

        assertThat(Files.readAllBytes(
                        later.finish(id, rest, Optional.of(DIGEST)).file()))
                .isEqualTo(CONTENT);
        assertThat(later.complete(id, DIGEST)).isPresent();
    }

    @Test
    void an_older_call_cannot_write_once_a_newer_one_has_begun() throws IOException {
        Uploads uploads = uploads(0);
        Upload older = uploads.open(id, 0, 12, 100);
        older.write(ByteBuffer.wrap(CONTENT, 0, 5));
        Upload newer = uploads.open(id, 5, 12, 100);

        refused(UploadRefusal.Why.SUPERSEDED, () -> older.write(ByteBuffer.wrap(CONTENT, 5, 7)));
        newer.write(ByteBuffer.wrap(CONTENT, 5, 7));
        assertThat(uploads.finish(id, newer, Optional.of(DIGEST)).digest()).isEqualTo(DIGEST);
    }

    /** Two files whose ids have the same hash, so that a map keeps them in one bin. */
    @Test
    void nobody_waits_while_another_file_is_busy() throws Exception {
        Uploads uploads = uploads(0);
        UUID busy = new UUID(0, 1);
        UUID other = new UUID(1, 0);
        assertThat(busy).hasSameHashCodeAs(other);
        Upload writing = uploads.open(busy, 0, 12, 100);
        Thread newer = new Thread(() -> {
            try {
                uploads.open(busy, 0, 12, 100);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });

        synchronized (writing) { // as a long write does
            newer.start();
            await().until(() -> newer.getState() == Thread.State.BLOCKED);
            CompletableFuture<Upload> opened = CompletableFuture.supplyAsync(() -> {
                try {
                    return uploads.open(other, 0, 12, 100);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertThat(opened).succeedsWithin(Duration.ofSeconds(5));
        }
        newer.join();
    }

    @Test
    void a_file_is_thrown_away_with_the_last_task_that_it_may_answer() throws IOException {
        Uploads uploads = uploads(0);
        UUID one = UUID.randomUUID();
        UUID two = UUID.randomUUID();
        uploads.open(id, 0, 12, 100).write(ByteBuffer.wrap(CONTENT, 0, 5));
        uploads.answers(id, Set.of(one, two));

        uploads.discard(one);
        assertThat(uploads.durable(id)).isEqualTo(5);
        uploads.discard(two);
        assertThat(uploads.durable(id)).isZero();
    }

    /** A longer file that is given up and a shorter one that takes its place, at the same time. */
    @Test
    void calls_that_race_for_a_file_leave_nothing_of_the_loser_in_it() throws Exception {
        Uploads uploads = uploads(0);
        for (int i = 0; i < 500; i++) {
            UUID file = UUID.randomUUID();
            CompletableFuture<Void> given = CompletableFuture.runAsync(() -> race(uploads, file, new byte[500], false));
            race(uploads, file, CONTENT, true);
            given.join();
            Optional<Uploads.Complete> complete = uploads.complete(file);
            if (complete.isPresent()) {
                assertThat(Digest.of(complete.get().file()))
                        .isEqualTo(complete.get().digest());
            }
        }
    }

    private static void race(Uploads uploads, UUID file, byte[] content, boolean finish) {
        try {
            Upload upload = uploads.open(file, 0, -1, 1000);
            upload.write(ByteBuffer.wrap(content));
            if (finish) {
                uploads.finish(file, upload, Optional.empty());
            } else {
                uploads.release(file, upload);
            }
        } catch (UploadRefusal superseded) {
            assertThat(superseded.why()).isEqualTo(UploadRefusal.Why.SUPERSEDED);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void files_of_tasks_that_are_long_over_are_forgotten() throws IOException {
        Uploads uploads = uploads(0);
        Upload upload = uploads.open(id, 0, 12, 100);
        upload.write(ByteBuffer.wrap(CONTENT));
        Path file = uploads.finish(id, upload, Optional.of(DIGEST)).file();
        Instant stored = Files.getLastModifiedTime(file).toInstant();

        uploads.forget(stored.minusSeconds(1));
        assertThat(uploads.complete(id, DIGEST)).isPresent();
        uploads.forget(stored.plusSeconds(1));
        assertThat(uploads.complete(id, DIGEST)).isEmpty();
    }

    @Test
    void bytes_with_another_digest_are_thrown_away() throws IOException {
        Uploads uploads = uploads(0);
        Upload upload = uploads.open(id, 0, 3, 100);
        upload.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));

        refused(UploadRefusal.Why.DIGEST_MISMATCH, () -> uploads.finish(id, upload, Optional.of(DIGEST)));
        assertThat(uploads.durable(id)).isZero();
    }

    @Test
    void what_is_larger_than_announced_or_acceptable_is_refused() throws IOException {
        Uploads uploads = uploads(0);
        refused(UploadRefusal.Why.TOO_LARGE, () -> uploads.open(id, 0, 101, 100));
        Upload upload = uploads.open(id, 0, 3, 100);
        refused(UploadRefusal.Why.TOO_LARGE, () -> upload.write(ByteBuffer.wrap(CONTENT)));
    }

    @Test
    void a_disk_that_would_run_into_its_reserve_is_full_and_recovers_without_restart() throws IOException {
        long free = Files.getFileStore(dir).getUsableSpace();
        refused(UploadRefusal.Why.NO_SPACE, () -> uploads(free).open(id, 0, 12, 100));

        SpoolSpace space = new SpoolSpace(dir, free / 2);
        Uploads uploads = new Uploads(dir, space, 4);
        long most = space.free() - (64 << 20);
        Upload large = uploads.open(UUID.randomUUID(), 0, most, most);
        refused(UploadRefusal.Why.NO_SPACE, () -> uploads.open(id, 0, 1L << 30, 1L << 30));
        large.close();
        uploads.open(id, 0, 12, 100).close();
    }

    private Uploads uploads(long reserve) throws IOException {
        return new Uploads(dir, new SpoolSpace(dir, reserve), 4);
    }

    private static void refused(UploadRefusal.Why why, org.assertj.core.api.ThrowableAssert.ThrowingCallable attempt) {
        assertThatThrownBy(attempt)
                .isInstanceOfSatisfying(
                        UploadRefusal.class,
                        refusal -> assertThat(refusal.why()).isEqualTo(why));
    }
}
