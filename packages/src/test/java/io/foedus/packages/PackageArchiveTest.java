package io.foedus.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.foedus.packages.RefusedPackage.Why;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the controller learns of an archive when somebody uploads it: all that would stop an agent later. */
class PackageArchiveTest {
    private static final String FEDN_YAML = "entry_points:\n  train:\n    command: python3 train.py\n";

    @TempDir
    Path folder;

    @Test
    void commands_are_found_at_the_top_or_in_the_first_top_folder() throws Exception {
        assertThat(check(tar -> {
                            file(tar, "b-x/fedn.yaml", FEDN_YAML.replace("train.py", "second.py"));
                            file(tar, "b/fedn.yaml", FEDN_YAML);
                        })
                        .commands())
                .containsEntry("train", "python3 train.py");
        assertThat(check(tar -> {
                            file(tar, "a/fedn.yaml", FEDN_YAML.replace("train.py", "second.py"));
                            file(tar, "./fedn.yaml", FEDN_YAML);
                        })
                        .commands())
                .containsEntry("train", "python3 train.py");
    }

    @ParameterizedTest
    @ValueSource(
            bytes = {
                TarConstants.LF_SYMLINK,
                TarConstants.LF_LINK,
                TarConstants.LF_CHR,
                TarConstants.LF_BLK,
                TarConstants.LF_FIFO
            })
    void links_devices_and_pipes_are_refused(byte kind) {
        refused(Why.UNSAFE_ENTRY, "\"thing\"", tar -> {
            file(tar, "fedn.yaml", FEDN_YAML);
            TarArchiveEntry entry = new TarArchiveEntry("thing", kind);
            entry.setLinkName("/etc/passwd");
            tar.putArchiveEntry(entry);
            tar.closeArchiveEntry();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "a,      a/b,    uses the file",
        "a/b,    a,      is a file and a folder",
        "a/b/c,  a/./b,  is a file and a folder",
        "a,      ./a,    is there twice",
        "a/b,    a//b,   is there twice",
        "a,      ../b,   leads outside",
        "a,      b\\c,   leads outside",
    })
    void two_names_that_cannot_both_be_made_are_refused(String first, String second, String why) {
        refused(Why.UNSAFE_ENTRY, why, tar -> {
            file(tar, "fedn.yaml", FEDN_YAML);
            file(tar, first, "x");
            file(tar, second, "y");
        });
    }

    @Test
    void a_name_that_no_file_system_takes_is_refused() {
        refused(Why.UNSAFE_ENTRY, "255 bytes", tar -> file(tar, "ü".repeat(130), "x"));
    }

    @Test
    void a_pipe_in_a_zip_is_refused() throws IOException {
        Path archive = folder.resolve("archive");
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(archive)) {
            ZipArchiveEntry entry = new ZipArchiveEntry("pipe");
            entry.setUnixMode(0010644);
            zip.putArchiveEntry(entry);
            zip.closeArchiveEntry();
        }

        assertThatThrownBy(() -> Descriptor.ofArchive(archive, UnpackLimits.DEFAULT))
                .hasMessageContaining("\"pipe\" is neither file nor folder");
    }

    @Test
    void zeros_that_pack_to_nothing_are_refused_long_before_the_limit() {
        refused(Why.TOO_LARGE, "source code", tar -> zeros(tar, "zeros", 256L << 20));
    }

    @Test
    void a_name_that_would_fill_the_memory_is_refused() {
        refused(Why.TOO_LARGE, "name and headers", tar -> {
            TarArchiveEntry name = new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
            zeros(tar, name, 128L << 20);
        });
    }

    @Test
    void a_python_environment_that_is_not_in_the_archive_is_refused() throws Exception {
        String yaml = FEDN_YAML + "python_env: env/python.yaml\n";
        refused(Why.BAD_DESCRIPTOR, "python_env", tar -> file(tar, "client/fedn.yaml", yaml));
        refused(
                Why.BAD_DESCRIPTOR,
                "python_env",
                tar -> file(tar, "client/fedn.yaml", FEDN_YAML + "python_env: ../fedn.yaml\n"));

        assertThat(check(tar -> {
                            file(tar, "client/fedn.yaml", yaml);
                            file(tar, "client/env/python.yaml", "dependencies: []\n");
                        })
                        .pythonEnvironment())
                .hasValue("env/python.yaml");
    }

    @Test
    void a_package_that_can_neither_train_nor_validate_is_refused() {
        refused(Why.BAD_DESCRIPTOR, "[trian]", tar -> file(tar, "fedn.yaml", FEDN_YAML.replace("  train", "  trian")));
        refused(Why.NO_DESCRIPTOR, "no fedn.yaml", tar -> file(tar, "a/b/fedn.yaml", FEDN_YAML));
    }

    interface Content {
        void write(TarArchiveOutputStream tar) throws IOException;
    }

    private void refused(Why why, String message, Content content) {
        assertThatThrownBy(() -> check(content))
                .asInstanceOf(type(RefusedPackage.class))
                .satisfies(e -> assertThat(e.why()).isEqualTo(why))
                .satisfies(e -> assertThat(e).hasMessageContaining(message));
    }

    private Descriptor check(Content content) throws IOException, RefusedPackage {
        Path archive = folder.resolve("archive");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(archive));
                TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            content.write(tar);
        }
        return Descriptor.ofArchive(archive, UnpackLimits.DEFAULT);
    }

    private static void file(TarArchiveOutputStream tar, String name, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    private static void zeros(TarArchiveOutputStream tar, String name, long bytes) throws IOException {
        zeros(tar, new TarArchiveEntry(name), bytes);
    }

    private static void zeros(TarArchiveOutputStream tar, TarArchiveEntry entry, long bytes) throws IOException {
        entry.setSize(bytes);
        tar.putArchiveEntry(entry);
        byte[] block = new byte[1 << 20];
        for (long left = bytes; left > 0; left -= block.length) {
            tar.write(block);
        }
        tar.closeArchiveEntry();
    }
}
