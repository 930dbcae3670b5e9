package io.foedus.core.blobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.core.models.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("InputStreamSlowMultibyteRead")
class DirectoryBlobStoreTest {
    private final byte[] content = new byte[300_000];

    @TempDir
    Path directory;

    private DirectoryBlobStore store;
    private Digest digest;

    @BeforeEach
    void open() throws IOException {
        new Random(1).nextBytes(content);
        store = new DirectoryBlobStore(directory.resolve("store"));
        digest = Digest.of(content);
    }

    private InputStream bytes(int from, int to) {
        return new ByteArrayInputStream(Arrays.copyOfRange(content, from, to));
    }

    @Test
    void a_blob_with_other_bytes_is_put_aside_and_the_same_content_may_be_stored_again() throws IOException {
        assertThat(store.check(digest)).isEqualTo(Soundness.MISSING);
        store.put(bytes(0, 300_000), 1_000_000);
        assertThat(store.check(digest)).isEqualTo(Soundness.SOUND);
        byte[] flipped = content.clone();
        flipped[150_000] ^= 8;
        Files.write(store.file(digest), flipped);
        assertThat(store.check(digest)).isEqualTo(Soundness.DAMAGED);
        assertThat(store.has(digest)).isFalse();
        assertThat(store.check(digest)).isEqualTo(Soundness.DAMAGED);
        assertThat(directory.resolve("store/damaged/" + digest.hex())).hasBinaryContent(flipped);
        store.put(bytes(0, 300_000), 1_000_000);
        assertThat(store.check(digest)).isEqualTo(Soundness.SOUND);
    }

    @Test
    void what_is_put_is_there_by_its_digest_and_can_be_read_from_anywhere() throws IOException {
        assertThat(store.has(digest)).isFalse();
        assertThat(store.put(bytes(0, 300_000), 1_000_000)).isEqualTo(digest);
        store.put(digest, bytes(0, 300_000), 1_000_000);
        assertThat(store.bytes(digest)).hasValue(300_000);
        assertThat(store.file(digest)).hasBinaryContent(content);
        try (InputStream rest = store.open(digest, 299_990)) {
            assertThat(rest.readAllBytes()).isEqualTo(Arrays.copyOfRange(content, 299_990, 300_000));
        }
        assertThat(store.find(digest)).isPresent();
        assertThat(store.delete(digest)).isTrue();
        assertThat(store.delete(digest)).isFalse();
        assertThatThrownBy(() -> store.open(digest, 0)).isInstanceOf(BlobMissingException.class);
        assertThatThrownBy(() -> store.file(digest)).isInstanceOf(BlobMissingException.class);
    }

    @Test
    void old_blobs_are_told_and_old_transfers_forgotten() throws IOException {
        store.put(digest, bytes(0, 300_000), 1_000_000);
        Digest other = Digest.of(new byte[] {1});
        store.append(other, 0, 2, new ByteArrayInputStream(new byte[] {1}));
        Instant now = Files.getLastModifiedTime(store.file(digest)).toInstant();
        assertThat(store.storedBefore(now.minusSeconds(60))).isEmpty();
        assertThat(store.storedBefore(now.plusSeconds(60))).containsExactly(digest);
        store.forgetTransfers(now.minusSeconds(60));
        assertThat(store.partialBytes(other)).isEqualTo(1);
        store.forgetTransfers(now.plusSeconds(60));
        assertThat(store.partialBytes(other)).isZero();
        assertThat(store.has(digest)).isTrue();
    }

    @Test
    void content_that_is_not_what_it_should_be_or_too_long_leaves_nothing_behind() throws IOException {
        assertThatThrownBy(() -> store.put(digest, bytes(0, 10), 1_000_000))
                .isInstanceOf(DigestMismatchException.class);
        assertThatThrownBy(() -> store.put(bytes(0, 10), 9)).isInstanceOf(BlobTooLargeException.class);
        try (Stream<Path> files = Files.walk(directory.resolve("store"))) {
            assertThat(files.filter(Files::isRegularFile))
                    .extracting(Path::getFileName)
                    .extracting(Path::toString)
                    .containsExactly("transfers.lock");
        }
    }

    @Test
    void a_transfer_goes_on_where_it_broke_off_also_after_a_restart() throws IOException {
        assertThat(store.append(digest, 0, 300_000, bytes(0, 100_000))).isEqualTo(100_000);
        InputStream breaking = new InputStream() {
            private int at = 100_000;

            @Override
            public int read() throws IOException {
                if (at >= 150_000) {
                    throw new IOException("the line went dead");
                }
                return content[at++] & 0xFF;
            }
        };
        assertThatThrownBy(() -> store.append(digest, 100_000, 300_000, breaking))
                .hasMessage("the line went dead");
        store = new DirectoryBlobStore(directory.resolve("store"));
        long kept = store.partialBytes(digest);
        assertThat(kept).isBetween(100_000L, 150_000L);
        assertThat(store.append(digest, kept, 300_000, bytes((int) kept, 300_000)))
                .isEqualTo(300_000);
        assertThat(store.file(digest)).hasBinaryContent(content);
        assertThat(store.partialBytes(digest)).isZero();
        assertThat(store.append(digest, 0, 300_000, bytes(0, 0))).isEqualTo(300_000);
    }

    @Test
    void a_transfer_with_a_gap_too_much_or_wrong_content_is_refused() throws IOException {
        assertThatThrownBy(() -> store.append(digest, 5, 300_000, bytes(5, 10)))
                .hasMessageContaining("only 0 bytes are here");
        assertThatThrownBy(() -> store.append(digest, 0, 10, bytes(0, 11))).isInstanceOf(BlobTooLargeException.class);
        assertThatThrownBy(() -> store.append(digest, 0, 10, bytes(0, 10))).isInstanceOf(DigestMismatchException.class);
        assertThat(store.partialBytes(digest)).isZero();
        store.append(digest, 0, 300_000, bytes(0, 10));
        store.abandon(digest);
        assertThat(store.partialBytes(digest)).isZero();
    }

    @Test
    void a_second_transfer_of_the_same_content_waits_its_turn() throws IOException {
        InputStream first = new InputStream() {
            private boolean asked;

            @Override
            public int read() throws IOException {
                if (!asked) {
                    asked = true;
                    assertThatThrownBy(() -> store.append(digest, 0, 300_000, bytes(0, 10)))
                            .isInstanceOf(TransferInProgressException.class);
                }
                return -1;
            }
        };
        assertThat(store.append(digest, 0, 300_000, first)).isZero();
    }

    @Test
    void what_is_published_is_whole_whoever_begins_the_same_content_anew_at_that_moment() throws Exception {
        ExecutorService senders = Executors.newFixedThreadPool(4);
        try {
            for (int turn = 0; turn < 30; turn++) {
                byte[] bytes = new byte[40_000];
                new Random(turn).nextBytes(bytes);
                Digest wanted = Digest.of(bytes);
                CyclicBarrier together = new CyclicBarrier(4);
                List<Future<?>> sending = new ArrayList<>();
                for (int length : new int[] {bytes.length, bytes.length, 10, 20_000}) {
                    sending.add(senders.submit(() -> {
                        together.await();
                        send(wanted, bytes, length);
                        return null;
                    }));
                }
                for (Future<?> sender : sending) {
                    sender.get();
                }
                assertThat(store.file(wanted)).as("turn %d", turn).hasBinaryContent(bytes);
                assertThat(store.partialBytes(wanted)).isZero();
            }
        } finally {
            senders.shutdownNow();
        }
    }

    /** Sends a beginning again and again, always from zero, until somebody has sent everything. */
    private void send(Digest wanted, byte[] bytes, int length) throws IOException {
        boolean whole = false;
        while (!whole) {
            try {
                whole = store.append(wanted, 0, bytes.length, new ByteArrayInputStream(bytes, 0, length))
                        == bytes.length;
            } catch (TransferInProgressException e) {
                whole = store.has(wanted);
            }
        }
    }

    @Test
    void a_transfer_under_way_is_neither_abandoned_nor_forgotten() throws IOException {
        InputStream first = new InputStream() {
            private int at;

            @Override
            public int read() throws IOException {
                if (at == 0) {
                    assertThatThrownBy(() -> store.abandon(digest)).isInstanceOf(TransferInProgressException.class);
                    store.forgetTransfers(Instant.MAX);
                }
                return at < content.length ? content[at++] & 0xFF : -1;
            }
        };
        assertThat(store.append(digest, 0, 300_000, first)).isEqualTo(300_000);
        assertThat(store.file(digest)).hasBinaryContent(content);
    }

    @Test
    void a_file_is_adopted_by_moving_it() throws IOException {
        Path file = Files.write(directory.resolve("update"), content);
        assertThat(store.adopt(file)).isEqualTo(digest);
        assertThat(file).doesNotExist();
        assertThat(store.has(digest)).isTrue();
    }

    @Test
    void names_that_are_no_digests_never_reach_the_disk() {
        assertThatThrownBy(() -> new Digest("../../etc/passwd")).hasMessageContaining("is not a SHA-256");
        assertThat(new Digest("SHA256:" + digest.hex().toUpperCase(java.util.Locale.ROOT)))
                .isEqualTo(digest);
    }
}
