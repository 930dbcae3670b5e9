package io.foedus.web.bodies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.controller.refusals.Refusal;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartFormTest {
    private static final String TYPE = "multipart/form-data; boundary=\"bound\"";

    @TempDir
    Path folder;

    @Test
    void texts_and_files_come_out_as_they_went_in() throws IOException {
        try (MultipartForm form = form("before it\r\n--bound\r\ncontent-disposition: form-data; name=\"name\"\r\n\r\n"
                + "Größe & co\r\n--bound\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a \\\"b\\\".tgz\"\r\n"
                + "Content-Type: application/gzip\r\n\r\n\r\n--boun d\r\n\r\n--bound--\r\nafter it")) {
            FormPart file = form.part("file").orElseThrow();

            assertThat(form.part("name").orElseThrow().text()).isEqualTo("Größe & co");
            assertThat(file.getSubmittedFileName()).isEqualTo("a \"b\".tgz");
            assertThat(file.getContentType()).isEqualTo("application/gzip");
            assertThat(file.path()).hasContent("\r\n--boun d\r\n");
        }
        assertThat(files()).isZero();
    }

    @Test
    void a_file_name_in_other_letters_is_read_as_programs_write_it() throws IOException {
        try (MultipartForm form = form("--bound\r\nContent-Disposition: form-data; name=\"file\"; filename*=utf-8''"
                + "Gr%C3%B6%C3%9Fe+1.npz\r\n\r\nx\r\n--bound--")) {
            assertThat(form.part("file").orElseThrow().getSubmittedFileName()).isEqualTo("Größe+1.npz");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1000, 70_000})
    void bytes_that_look_like_boundaries_stay_bytes_however_they_come(int atOnce) throws IOException {
        byte[] content = new byte[200_000];
        Random random = new Random(atOnce);
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) "\r\n--bounx".charAt(random.nextInt(9));
        }
        byte[] before = "--bound\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\n"
                .getBytes(StandardCharsets.UTF_8);
        byte[] after = "\r\n--bound--".getBytes(StandardCharsets.UTF_8);
        byte[] body = new byte[before.length + content.length + after.length];
        System.arraycopy(before, 0, body, 0, before.length);
        System.arraycopy(content, 0, body, before.length, content.length);
        System.arraycopy(after, 0, body, before.length + content.length, after.length);
        InputStream slow = new FilterInputStream(new ByteArrayInputStream(body)) {
            @Override
            public int read(byte[] buffer, int from, int length) throws IOException {
                return super.read(buffer, from, Math.min(atOnce, length));
            }
        };

        try (MultipartForm form = MultipartForm.of(TYPE, slow, folder, content.length)) {
            assertThat(form.part("f").orElseThrow().path()).hasBinaryContent(content);
        }
    }

    @Test
    void more_bytes_than_allowed_are_refused_and_nothing_is_left() {
        String file =
                "--bound\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\n" + "x".repeat(600) + "\r\n";

        assertThatThrownBy(() -> form(file + file + "--bound--"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("400");
        assertThat(files()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no boundary at all",
                "--bound",
                "--bound\r\n",
                "--boundX\r\n\r\nx\r\n--bound--",
                "--bound\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\nbroken off"
            })
    void what_is_no_form_is_refused_and_nothing_is_left(String body) {
        assertThatThrownBy(() -> form(body)).isInstanceOf(Refusal.class).hasMessageContaining("multipart/form-data");
        assertThat(files()).isZero();
    }

    private MultipartForm form(String body) throws IOException {
        return MultipartForm.of(TYPE, new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)), folder, 1000);
    }

    private long files() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
