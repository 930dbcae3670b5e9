package io.foedus.agent.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.packages.UnpackLimits;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnpackingTest {
    private static final String FEDN_YAML = "entry_points:\n  train:\n    command: python3 train.py\n";

    @TempDir
    Path folder;

    Path archive;
    Path target;

    @BeforeEach
    void prepare() throws IOException {
        archive = folder.resolve("archive");
        target = Files.createDirectory(folder.resolve("target"));
    }

    @Test
    void tar_gz_with_and_without_a_top_folder_is_unpacked() throws Exception {
        tar(new GZIPOutputStream(Files.newOutputStream(archive)), tar -> {
            folder(tar, "client/");
            file(tar, "client/fedn.yaml", FEDN_YAML, 0644);
            file(tar, "client/train.sh", "#!/bin/sh\n", 06755);
        });
        Unpacking.unpack(archive, target, UnpackLimits.DEFAULT);

        assertThat(PackageDescriptor.find(target).folder()).isEqualTo(target.resolve("client"));
        assertThat(PackageDescriptor.find(target.resolve("client")).command("train"))
                .isEqualTo("python3 train.py");
        assertThat(Files.getPosixFilePermissions(target.resolve("client/train.sh"))
                        .toString())
                .doesNotContain("GROUP");
        assertThat(Files.isExecutable(target.resolve("client/train.sh"))).isTrue();
    }

    @Test
    void tar_bz2_plain_tar_and_zip_are_recognised_by_their_first_bytes() throws Exception {
        tar(
                new BZip2CompressorOutputStream(Files.newOutputStream(archive)),
                tar -> file(tar, "fedn.yaml", FEDN_YAML, 0644));
        Unpacking.unpack(archive, Files.createDirectory(target.resolve("bz2")), UnpackLimits.DEFAULT);
        tar(Files.newOutputStream(archive), tar -> file(tar, "./fedn.yaml", FEDN_YAML, 0644));
        Unpacking.unpack(archive, Files.createDirectory(target.resolve("tar")), UnpackLimits.DEFAULT);
        zip("fedn.yaml", FEDN_YAML);
        Unpacking.unpack(archive, Files.createDirectory(target.resolve("zip")), UnpackLimits.DEFAULT);

        for (String kind : new String[] {"bz2", "tar", "zip"}) {
            assertThat(target.resolve(kind).resolve("fedn.yaml")).hasContent(FEDN_YAML.strip() + "\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "a/../../evil", "/etc/cron.d/evil", "C:/evil", "..\\evil", "a/b/../../../evil"})
    void a_name_that_leads_outside_is_refused(String name) throws Exception {
        tar(new GZIPOutputStream(Files.newOutputStream(archive)), tar -> file(tar, name, "x", 0644));

        assertThatThrownBy(() -> Unpacking.unpack(archive, target, UnpackLimits.DEFAULT))
                .isInstanceOf(PackageException.class)
                .hasMessageContaining("leads outside");
        assertThat(folder.resolve("evil")).doesNotExist();
    }

    @Test
    void a_name_that_leads_outside_of_a_zip_is_refused() throws Exception {
        zip("../evil", "x");

        assertThatThrownBy(() -> Unpacking.unpack(archive, target, UnpackLimits.DEFAULT))
                .hasMessageContaining("leads outside");
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
    void links_and_devices_are_refused(byte kind) throws Exception {
        tar(new GZIPOutputStream(Files.newOutputStream(archive)), tar -> {
            TarArchiveEntry entry = new TarArchiveEntry("thing", kind);
            entry.setLinkName("/etc/passwd");
            tar.putArchiveEntry(entry);
            tar.closeArchiveEntry();
        });

        assertThatThrownBy(() -> Unpacking.unpack(archive, target, UnpackLimits.DEFAULT))
                .isInstanceOf(PackageException.class)
                .hasMessageContaining("thing");
    }

    @Test
    void a_bomb_stops_at_the_limit() throws Exception {
        tar(new GZIPOutputStream(Files.newOutputStream(archive)), tar -> {
            byte[] zeros = new byte[3 << 20];
            TarArchiveEntry entry = new TarArchiveEntry("zeros");
            entry.setSize(zeros.length);
            tar.putArchiveEntry(entry);
            tar.write(zeros);
            tar.closeArchiveEntry();
        });

        assertThatThrownBy(() -> Unpacking.unpack(archive, target, new UnpackLimits(10, 1 << 20)))
                .hasMessageContaining("more than 1048576 bytes");
    }

    @Test
    void too_many_entries_are_refused() throws Exception {
        tar(new GZIPOutputStream(Files.newOutputStream(archive)), tar -> {
            for (int i = 0; i < 11; i++) {
                folder(tar, "f" + i + "/");
            }
        });

        assertThatThrownBy(() -> Unpacking.unpack(archive, target, new UnpackLimits(10, 1 << 20)))
                .hasMessageContaining("more than 10 entries");
    }

    @Test
    void what_is_no_archive_says_so() throws Exception {
        Files.writeString(archive, "hello, I am a text and certainly not an archive");
        assertThatThrownBy(() -> Unpacking.unpack(archive, target, UnpackLimits.DEFAULT))
                .isInstanceOf(PackageException.class);

        Files.write(archive, new byte[0]);
        assertThatThrownBy(() -> Unpacking.unpack(archive, target, UnpackLimits.DEFAULT))
                .hasMessageContaining("empty");
    }

    @Test
    void a_package_without_fedn_yaml_or_with_a_strange_one_is_refused() throws Exception {
        assertThatThrownBy(() -> PackageDescriptor.find(target)).hasMessageContaining("has no fedn.yaml");

        Files.writeString(target.resolve("fedn.yaml"), "entry_points: !!javax.script.ScriptEngineManager []");
        assertThatThrownBy(() -> PackageDescriptor.find(target)).hasMessageContaining("not YAML");

        Files.writeString(target.resolve("fedn.yaml"), "entry_points:\n  train: {}\n");
        assertThatThrownBy(() -> PackageDescriptor.find(target)).hasMessageContaining("\"train\"");

        Files.writeString(target.resolve("fedn.yaml"), FEDN_YAML + "python_env: ../../etc/passwd\n");
        assertThatThrownBy(() -> PackageDescriptor.find(target)).hasMessageContaining("python_env");

        Files.writeString(target.resolve("fedn.yaml"), FEDN_YAML);
        assertThatThrownBy(() -> PackageDescriptor.find(target).command("validate"))
                .hasMessageContaining("no entry point \"validate\"")
                .hasMessageContaining("[train]");
    }

    interface Content {
        void write(TarArchiveOutputStream tar) throws IOException;
    }

    private static void tar(OutputStream out, Content content) throws IOException {
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            content.write(tar);
        }
    }

    private void zip(String name, String text) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void folder(TarArchiveOutputStream tar, String name) throws IOException {
        tar.putArchiveEntry(new TarArchiveEntry(name));
        tar.closeArchiveEntry();
    }

    private static void file(TarArchiveOutputStream tar, String name, String text, int mode) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setSize(bytes.length);
        entry.setMode(mode);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }
}
