package io.foedus.federation;

import io.foedus.launcher.processes.Distribution;
import io.foedus.launcher.processes.Java;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Command lines run to their end, as a person would in a shell. */
public final class CommandLine {
    private static final Duration MOST = Duration.ofMinutes(4);

    private CommandLine() {}

    /** What a program said and how it ended; -1 if it had to be killed after four minutes. */
    public record Answer(int exitCode, String out, String err) {}

    /** Runs {@code foedus} from the built distribution. */
    public static Answer foedus(Map<String, String> environment, String... arguments) {
        return run(environment, command(arguments));
    }

    /** How {@code foedus} is started from the built distribution, for who wants to look at it while it runs. */
    public static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(Java.command(128));
        Distribution distribution = Distribution.find();
        command.addAll(List.of(
                "-Dfoedus.dist=" + distribution.home(),
                "-cp",
                distribution.agentClassPath(),
                "io.foedus.launcher.Launcher"));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Runs a program of this machine. */
    public static Answer run(String... command) {
        return run(Map.of(), List.of(command));
    }

    private static Answer run(Map<String, String> environment, List<String> command) {
        try {
            Path out = Files.createTempFile("foedus-it", ".out");
            Path err = Files.createTempFile("foedus-it", ".err");
            try {
                ProcessBuilder builder =
                        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
                builder.environment().put("NO_COLOR", "1");
                builder.environment().putAll(environment);
                Process process = builder.start();
                process.getOutputStream().close();
                boolean ended = process.waitFor(MOST.toSeconds(), TimeUnit.SECONDS);
                if (!ended) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly().waitFor();
                }
                return new Answer(ended ? process.exitValue() : -1, text(out), text(err));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
