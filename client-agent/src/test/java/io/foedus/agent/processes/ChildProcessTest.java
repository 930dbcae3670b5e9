package io.foedus.agent.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ChildProcessTest {
    @TempDir
    Path folder;

    @Test
    void a_command_gets_its_arguments_untouched_by_the_shell() throws Exception {
        Ended ended = run("printf '%s|'", Duration.ofSeconds(10), "a b", "$HOME; rm -rf x");

        assertThat(ended.ok()).isTrue();
        assertThat(ended.log()).isEqualTo("a b|$HOME; rm -rf x|");
    }

    @Test
    void a_non_zero_exit_code_and_the_last_output_are_kept() throws Exception {
        Ended ended = run("echo first; echo broken >&2; exit 3; true", Duration.ofSeconds(10));

        assertThat(ended.how()).isEqualTo(Ended.How.BY_ITSELF);
        assertThat(ended.exitCode()).isEqualTo(3);
        assertThat(ended.log()).contains("first", "broken");
        assertThat(ended.ok()).isFalse();
    }

    @Test
    void a_command_that_hangs_and_ignores_term_is_killed_with_its_children() throws Exception {
        Path pids = folder.resolve("pids");
        String shell = "trap '' TERM; (trap '' TERM; sleep 300) & echo $! >> " + pids + "; echo $$ >> " + pids
                + "; while true; do sleep 1; done; true";
        Ended ended = run(shell, Duration.ofMillis(700));

        assertThat(ended.how()).isEqualTo(Ended.How.TIMED_OUT);
        assertThat(ended.took()).isLessThan(Duration.ofSeconds(10));
        assertAllGone(pids);
    }

    @Test
    void children_that_are_left_behind_or_leave_the_session_end_with_the_command() throws Exception {
        Path pids = folder.resolve("pids");
        String shell = "sleep 300 & echo $! >> " + pids + "; setsid sh -c 'echo $$ >> " + pids
                + "; exec sleep 300' & sleep 0.3; echo done; true";
        Ended ended = run(shell, Duration.ofSeconds(30));

        assertThat(ended.ok()).isTrue();
        assertThat(ended.log()).contains("done");
        assertThat(ended.took()).isLessThan(Duration.ofSeconds(15));
        assertThat(Files.readAllLines(pids)).hasSize(2);
        assertAllGone(pids);
    }

    @Test
    void a_gigabyte_of_logs_costs_a_bounded_tail() throws Exception {
        Ended ended =
                run("head -c 1000000000 /dev/zero | tr '\\0' 'x'; echo; echo the end; true", Duration.ofSeconds(50));

        assertThat(ended.ok()).isTrue();
        assertThat(ended.logBytes()).isGreaterThan(1_000_000_000);
        assertThat(ended.log().length()).isLessThan(64 << 10);
        assertThat(ended.log()).endsWith("the end\n").startsWith("[… ");
    }

    @Test
    void control_characters_in_logs_are_escaped() throws Exception {
        assertThat(run("printf '\\033[2Jred\\n'; true", Duration.ofSeconds(5)).log())
                .isEqualTo("\\u001b[2Jred\n");
    }

    @Test
    void cancellation_ends_a_command_early() throws Exception {
        Cancellation cancellation = new Cancellation();
        long start = System.nanoTime();
        Ended ended = ChildProcess.run(
                command("sleep 100; true", Duration.ofSeconds(90)), cancellation, () -> cancellation.cancel("enough"));

        assertThat(ended.how()).isEqualTo(Ended.How.CANCELLED);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void cpu_time_and_memory_are_measured() throws Exception {
        Ended ended = run(
                "python3 -c 'b=bytearray(60000000); [i*i for i in range(3000000)]; import time; time.sleep(.5)'; true",
                Duration.ofSeconds(30));

        assertThat(ended.ok()).as(ended.log()).isTrue();
        assertThat(ended.cpuSeconds()).isGreaterThan(0.05);
        assertThat(ended.peakMemoryBytes()).isGreaterThan(40_000_000);
    }

    @Test
    void what_a_killed_agent_left_running_is_ended_by_the_next() throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sleep", "300");
        builder.environment().put("FOEDUS_AGENT_STATE", folder.toString());
        Process left = builder.start();

        assertThat(ChildProcess.endLeftovers("FOEDUS_AGENT_STATE", folder.toString()))
                .isEqualTo(1);
        assertThat(left.waitFor()).isNotZero();
    }

    private Ended run(String shell, Duration deadline, String... arguments) throws Exception {
        return ChildProcess.run(
                new Command(shell, List.of(arguments), folder, Map.of(), deadline, Duration.ofMillis(500)),
                new Cancellation(),
                () -> {});
    }

    private Command command(String shell, Duration deadline) {
        return new Command(shell, List.of(), folder, Map.of(), deadline, Duration.ofMillis(500));
    }

    /** A dead process that nobody has waited for yet (a zombie) is gone too. */
    private static void assertAllGone(Path pids) throws Exception {
        for (String pid : Files.readAllLines(pids)) {
            Path stat = Path.of("/proc", pid, "stat");
            String state = Files.exists(stat) ? Files.readString(stat).replaceAll("(?s).*\\) (.).*", "$1") : "gone";
            assertThat(state).as("state of process " + pid).isIn("gone", "Z");
        }
    }
}
