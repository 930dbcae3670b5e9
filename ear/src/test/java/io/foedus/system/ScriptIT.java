package io.foedus.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.federation.CommandLine;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script of the clone, in a clone that is built: its archive of classes spares time and is never in the way. */
class ScriptIT {
    @TempDir
    private Path clone;

    private Path dist;

    @BeforeEach
    void build() throws IOException {
        Files.copy(Path.of("../foedus"), clone.resolve("foedus"));
        assertThat(clone.resolve("foedus").toFile().setExecutable(true)).isTrue();
        dist = Files.createDirectories(clone.resolve("launcher/target/dist"));
        Files.createSymbolicLink(
                dist.resolve("lib"),
                Path.of(System.getProperty("foedus.dist"), "lib").toRealPath());
        Files.createFile(dist.resolve("complete"));
    }

    @Test
    void the_first_command_makes_the_archive_and_the_next_one_takes_its_classes_from_there() throws IOException {
        saysItsVersion();
        assertThat(archives()).singleElement().satisfies(archive -> {
            assertThat(Files.size(archive)).isGreaterThan(1 << 20);
            FileTime made = Files.getLastModifiedTime(archive);
            saysItsVersion();
            assertThat(Files.getLastModifiedTime(archive)).isEqualTo(made);
        });
    }

    @Test
    void an_archive_that_is_damaged_is_left_out() throws IOException {
        saysItsVersion();
        Path archive = archives().get(0);
        Files.delete(archive);
        Files.writeString(archive, "no archive");

        saysItsVersion();
    }

    @Test
    void an_archive_that_is_older_than_a_jar_is_made_anew() throws IOException {
        saysItsVersion();
        Path archive = archives().get(0);
        Files.setLastModifiedTime(archive, FileTime.fromMillis(0));

        saysItsVersion();

        assertThat(Files.getLastModifiedTime(archive).toMillis()).isPositive();
    }

    @Test
    void where_no_archive_can_be_made_commands_run_without() throws IOException {
        Files.createFile(dist.resolve("cache"));

        saysItsVersion();
    }

    private void saysItsVersion() {
        CommandLine.Answer answer = CommandLine.run(clone.resolve("foedus").toString(), "--version");

        assertThat(answer.exitCode()).as(answer.err()).isZero();
        assertThat(answer.out()).startsWith("foedus ");
        assertThat(answer.err()).isEmpty();
    }

    private List<Path> archives() throws IOException {
        var jsa = FileSystems.getDefault().getPathMatcher("glob:**.jsa");
        try (Stream<Path> files = Files.list(dist.resolve("cache"))) {
            return files.filter(jsa::matches).toList();
        }
    }
}
