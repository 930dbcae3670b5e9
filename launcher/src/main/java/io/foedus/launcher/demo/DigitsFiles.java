package io.foedus.launcher.demo;

import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.launcher.processes.Directories;
import io.foedus.launcher.processes.Java;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * What the demo trains with, made by the compute package's own source: its archive, the seed model and the partitions.
 *
 * @param archive the compute package
 * @param seed the seed model
 * @param partitions a directory per agent
 * @param agents how many
 */
public record DigitsFiles(Path archive, Path seed, Path partitions, int agents) {
    /** Makes the files in {@code target}; the same example gives the same bytes. */
    public static DigitsFiles prepared(Path example, Path target, int agents) {
        try {
            Directories.delete(target);
            Files.createDirectories(target);
            DigitsFiles files = new DigitsFiles(
                    target.resolve("digits.zip"), target.resolve("seed.npz"), target.resolve("partitions"), agents);
            String classes = target.resolve("classes").toString();
            String source = example.resolve("client/Digits.java").toString();
            run(Java.bin().resolve("javac").toString(), "-d", classes, source);
            digits(classes, "init", files.seed.toString());
            String csv = example.resolve("digits.csv").toString();
            digits(classes, "partition", csv, String.valueOf(agents), files.partitions.toString());
            zip(example.resolve("client"), files.archive);
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The directory with an agent's local data. */
    public Path partition(String agent) {
        return partitions.resolve(agent);
    }

    /** How many images all agents validate on and none trains on. */
    public long heldOut() {
        return lines(partition("agent-1").resolve("test.csv"));
    }

    /** How many images each agent trains on, like {@code 508 + 458 + 472}. */
    String describePartitions() {
        return IntStream.rangeClosed(1, agents)
                .mapToObj(i -> String.valueOf(lines(partition("agent-" + i).resolve("train.csv"))))
                .collect(Collectors.joining(" + "));
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void zip(Path directory, Path archive) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> tree = Files.walk(directory)) {
            tree.filter(Files::isRegularFile).sorted().forEach(files::add);
        }
        try (OutputStream out = Files.newOutputStream(archive);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Path file : files) {
                ZipEntry entry = new ZipEntry(directory.relativize(file).toString());
                entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
                zip.putNextEntry(entry);
                Files.copy(file, zip);
            }
        }
    }

    private static void digits(String classes, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Java.bin().resolve("java").toString(), "-XX:TieredStopAtLevel=1", "-cp", classes, "Digits"));
        command.addAll(List.of(arguments));
        run(command.toArray(String[]::new));
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new Failure(
                        ExitCode.CONFIGURATION,
                        "cannot prepare the digits example: " + said.strip(),
                        "A whole JDK of version 17 or later is needed, not only a JRE; `foedus doctor` looks closer.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
