package io.foedus.core.blobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.core.models.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartialFileTest {
    private static final byte[] CONTENT = "all the bytes of a model".getBytes(StandardCharsets.UTF_8);
    private static final Digest DIGEST = Digest.of(CONTENT);

    @TempDir
    Path folder;

    private Path target() {
        return folder.resolve("model");
    }

    private static InputStream from(int start) {
        return new ByteArrayInputStream(Arrays.copyOfRange(CONTENT, start, CONTENT.length));
    }

    /** Ten bytes, then the line breaks. */
    private static InputStream broken() {
        InputStream end = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("cut");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return read();
            }
        };
        return new SequenceInputStream(new ByteArrayInputStream(CONTENT, 0, 10), end);
    }

    @Test
    void what_arrived_before_the_cut_is_not_asked_for_again() throws IOException {
        try (PartialFile file = PartialFile.open(target(), DIGEST)) {
            assertThatThrownBy(() -> file.receive(broken()::read, true, length -> {}))
                    .hasMessage("cut");
        }
        assertThat(target()).doesNotExist();

        List<Long> heard = new ArrayList<>();
        try (PartialFile file = PartialFile.open(target(), DIGEST)) {
            assertThat(file.length()).isEqualTo(10);
            file.receive(from(10)::read, true, heard::add);
            file.complete();
        }
        assertThat(target()).hasBinaryContent(CONTENT);
        assertThat(heard).last().isEqualTo((long) CONTENT.length);
    }

    @Test
    void a_sender_that_begins_at_zero_is_followed() throws IOException {
        Files.write(folder.resolve("model.part"), new byte[100]);
        try (PartialFile file = PartialFile.open(target(), DIGEST)) {
            file.receive(from(0)::read, false, length -> {});
            file.completeUnforced();
        }
        assertThat(target()).hasBinaryContent(CONTENT);
    }

    @Test
    void other_bytes_are_thrown_away() throws IOException {
        try (PartialFile file = PartialFile.open(target(), DIGEST)) {
            file.receive(from(1)::read, true, length -> {});
            assertThatThrownBy(file::complete).isInstanceOf(DigestMismatchException.class);
            assertThat(file.length()).isZero();
            file.receive(from(0)::read, true, length -> {});
            file.complete();
        }
        assertThat(target()).hasBinaryContent(CONTENT);
    }
}
