package io.foedus.launcher.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardedProcessTest {
    @TempDir
    Path directory;

    @Test
    void a_program_is_asked_to_stop_and_may_tidy_up() throws Exception {
        GuardedProcess process =
                start("tidy", "trap 'echo tidied; exit 3' TERM; echo started; while :; do sleep 0.1; done", 5);
        await().until(() -> process.logTail(1).equals("started"));

        process.stop();

        assertThat(process.isAlive()).isFalse();
        assertThat(process.onExit().get()).isEqualTo(3);
        assertThat(process.logTail(1)).isEqualTo("tidied");
    }

    @Test
    void a_program_that_will_not_stop_is_killed_with_all_it_started() {
        GuardedProcess process = start("stubborn", "trap '' TERM; sleep 300 & echo $!; while :; do sleep 0.1; done", 1);
        await().until(() -> !process.logTail(1).isEmpty());
        long grandchild = Long.parseLong(process.logTail(1));

        process.stop();

        await().untilAsserted(() -> assertThat(isRunning(grandchild)).isFalse());
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void a_killed_program_leaves_nothing_behind() {
        GuardedProcess process = start("killed", "sleep 300 & echo $!; wait", 1);
        await().until(() -> !process.logTail(1).isEmpty());
        long grandchild = Long.parseLong(process.logTail(1));

        process.kill();

        await().untilAsserted(() -> assertThat(isRunning(grandchild)).isFalse());
        assertThat(process.onExit().join()).isEqualTo(128 + 9);
    }

    @Test
    void a_program_does_not_outlive_a_starter_that_is_killed() throws Exception {
        Process starter = new ProcessBuilder(
                        Java.bin().resolve("java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Starter.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        Path pidFile = directory.resolve("logs/orphan.pid");
        await().atMost(30, TimeUnit.SECONDS).until(() -> Files.exists(pidFile) && Files.size(pidFile) > 0);
        long pid = Long.parseLong(Files.readString(pidFile).strip());
        assertThat(isRunning(pid)).isTrue();

        starter.destroyForcibly();

        await().untilAsserted(() -> assertThat(isRunning(pid)).isFalse());
    }

    @Test
    void secrets_in_the_environment_are_not_in_the_command_line() throws Exception {
        GuardedProcess process = GuardedProcess.start(new GuardedProcess.Program(
                "secret", List.of("sleep", "300"), Map.of("PASSWORD", "hush"), directory, directory.resolve("logs")));
        await().until(() -> process.pid().isPresent());
        assertThat(commandLine(process.pid().getAsInt())).doesNotContain("hush");
        process.stop();
    }

    @Test
    void the_log_of_the_start_before_is_kept() throws IOException {
        start("twice", "echo first", 1).onExit().join();
        start("twice", "echo second", 1).onExit().join();
        assertThat(directory.resolve("logs/twice.log")).hasContent("second");
        assertThat(directory.resolve("logs/twice.log.previous")).hasContent("first");
    }

    private GuardedProcess start(String name, String script, int graceSeconds) {
        return GuardedProcess.start(new GuardedProcess.Program(
                name,
                List.of("/bin/sh", "-c", script),
                Map.of(),
                directory,
                directory.resolve("logs"),
                "TERM",
                Duration.ofSeconds(graceSeconds)));
    }

    private static boolean isRunning(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    private static String commandLine(int pid) {
        return ProcessHandle.of(pid)
                .flatMap(handle -> handle.info().commandLine())
                .orElse("");
    }

    /** Starts a program and waits to be killed. */
    public static final class Starter {
        public static void main(String[] args) throws Exception {
            Path directory = Path.of(args[0]);
            GuardedProcess.start(new GuardedProcess.Program(
                            "orphan", List.of("sleep", "300"), Map.of(), directory, directory.resolve("logs")))
                    .onExit()
                    .get();
        }
    }
}
