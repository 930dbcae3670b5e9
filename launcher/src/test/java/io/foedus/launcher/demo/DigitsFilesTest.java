package io.foedus.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigitsFilesTest {
    private static final Path EXAMPLE = Path.of("../examples/digits");

    @TempDir
    Path directory;

    @Test
    void the_same_example_gives_the_same_bytes() throws IOException {
        DigitsFiles one = DigitsFiles.prepared(EXAMPLE, directory.resolve("one"), 3);
        DigitsFiles two = DigitsFiles.prepared(EXAMPLE, directory.resolve("two"), 3);
        assertThat(one.archive()).hasSameBinaryContentAs(two.archive());
        assertThat(one.seed()).hasSameBinaryContentAs(two.seed());
        assertThat(one.partition("agent-2").resolve("train.csv"))
                .hasSameBinaryContentAs(two.partition("agent-2").resolve("train.csv"));
    }

    @Test
    void each_image_has_one_place_and_agents_see_labels_in_different_shares() throws IOException {
        DigitsFiles files = DigitsFiles.prepared(EXAMPLE, directory.resolve("digits"), 3);
        int images = Files.readAllLines(files.partition("agent-1").resolve("test.csv"))
                .size();
        Set<List<Long>> shares = new HashSet<>();
        for (int agent = 1; agent <= 3; agent++) {
            List<String> own =
                    Files.readAllLines(files.partition("agent-" + agent).resolve("train.csv"));
            images += own.size();
            shares.add(java.util.stream.IntStream.range(0, 10)
                    .mapToObj(digit -> own.stream()
                            .filter(line -> line.endsWith("," + digit))
                            .count())
                    .toList());
        }
        assertThat(images).isEqualTo(1797);
        assertThat(files.heldOut()).isEqualTo(359);
        assertThat(shares).hasSize(3);
    }
}
