package io.foedus.agent.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.packages.UnpackLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageFolderTest {
    @TempDir
    Path temp;

    private Path folder = Path.of("");

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(temp.resolve("client"));
        write("fedn.yaml", "entry_points:\n  train:\n    command: python3 train.py\n  validate:\n    command: v\n");
        write("train.py", "print()");
        write("lib/net.py", "x = 1");
    }

    @Test
    void an_agent_unpacks_what_was_packed() throws Exception {
        Path archive = temp.resolve("package.tgz");
        PackageFolder.Packed packed = PackageFolder.pack(folder, archive);

        assertThat(packed.files()).isEqualTo(3);
        assertThat(packed.entryPoints()).containsExactly("train", "validate");
        Path unpacked = Files.createDirectory(temp.resolve("unpacked"));
        Unpacking.unpack(archive, unpacked, UnpackLimits.DEFAULT);
        assertThat(names(unpacked)).containsExactly("fedn.yaml", "lib/net.py", "train.py");
        assertThat(PackageDescriptor.find(unpacked).command("train")).isEqualTo("python3 train.py");
    }

    @Test
    void the_same_files_make_the_same_bytes_whenever_they_are_packed() throws Exception {
        String first = PackageFolder.pack(folder, temp.resolve("a.tgz")).digest();
        Files.setLastModifiedTime(folder.resolve("train.py"), FileTime.fromMillis(1_000_000));

        assertThat(PackageFolder.pack(folder, temp.resolve("b.tgz")).digest()).isEqualTo(first);
    }

    @Test
    void what_fednignore_names_stays_out_and_so_do_caches_and_the_archive_itself() throws Exception {
        write(".fednignore", "# local things\n*.npz\ndata/\nlib/*.log\nnotes[12].txt\n\n./secret\n");
        for (String name : List.of(
                "seed.npz",
                "data/x.csv",
                "lib/run.log",
                "notes1.txt",
                "notes3.txt",
                "secret",
                "__pycache__/t.pyc",
                "data.csv")) {
            write(name, name);
        }
        Path archive = folder.resolve("package.tgz");
        PackageFolder.pack(folder, archive);
        PackageFolder.pack(folder, archive);

        Path unpacked = Files.createDirectory(temp.resolve("unpacked"));
        Unpacking.unpack(archive, unpacked, UnpackLimits.DEFAULT);
        assertThat(names(unpacked)).containsExactly("data.csv", "fedn.yaml", "lib/net.py", "notes3.txt", "train.py");
    }

    @Test
    void a_folder_that_agents_would_refuse_is_refused_with_the_reason() throws Exception {
        assertThatThrownBy(() -> PackageFolder.pack(temp.resolve("nowhere"), temp.resolve("x.tgz")))
                .isInstanceOf(PackageException.class)
                .hasMessageContaining("no such folder");
        Files.createSymbolicLink(folder.resolve("link"), Path.of("/etc/passwd"));
        assertThatThrownBy(() -> PackageFolder.pack(folder, temp.resolve("x.tgz")))
                .isInstanceOf(PackageException.class)
                .hasMessageContaining("\"link\" is a link");
        Files.delete(folder.resolve("link"));
        Files.delete(folder.resolve("fedn.yaml"));
        assertThatThrownBy(() -> PackageFolder.pack(folder, temp.resolve("x.tgz")))
                .isInstanceOf(PackageException.class)
                .hasMessageContaining("no fedn.yaml");
        assertThat(temp.resolve("x.tgz")).doesNotExist();
    }

    private void write(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private static List<String> names(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile)
                    .map(f -> root.relativize(f).toString())
                    .sorted()
                    .toList();
        }
    }
}
