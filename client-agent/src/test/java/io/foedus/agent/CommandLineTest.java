package io.foedus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.agent.attendance.AgentSettings;
import io.foedus.agent.processes.Command;
import io.foedus.agent.transfer.Retry;
import io.foedus.packages.UnpackLimits;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandLineTest {
    private final StringWriter err = new StringWriter();
    private final StringWriter out = new StringWriter();

    @TempDir
    Path folder;

    @Test
    void usage_errors_name_the_thing_and_end_with_2() {
        assertThat(run("--josn")).isEqualTo(2);
        assertThat(err.toString()).contains("--josn").contains("try: foedus --help");
        assertThat(run("session")).isEqualTo(2);
        assertThat(run("sesion", "list")).isEqualTo(2);
        assertThat(run("user", "create", "ada", "--password", "secret")).isEqualTo(2);
    }

    @Test
    void with_json_an_error_is_one_object() {
        assertThat(run("session", "show", "--json")).isEqualTo(2);
        assertThat(err.toString()).startsWith("{\"error\":\"USAGE\"").contains("\"exitCode\":2");
    }

    @Test
    void a_controller_that_is_away_or_a_token_file_that_is_not_there_has_its_own_code() throws Exception {
        Path token = java.nio.file.Files.writeString(folder.resolve("token"), "fds_ua_x");
        String[] list = {"session", "list", "-a", "x", "--token-file", token.toString(), "--controller"};
        assertThat(run(with(list, "http://127.0.0.1:1"))).isEqualTo(6);
        assertThat(err.toString()).contains("cannot reach the controller at http://127.0.0.1:1");
        assertThat(run(with(list, "http://192.0.2.1:8080"))).isEqualTo(78);
        assertThat(run("session", "list", "-a", "x", "--token-file", "missing", "--controller", "http://127.0.0.1:1"))
                .isEqualTo(78);
    }

    @Test
    void bad_input_is_named_with_a_remedy_and_has_its_documented_code() throws Exception {
        Files.writeString(folder.resolve("empty"), "");
        Files.writeString(folder.resolve("text"), "no json");
        Files.writeString(folder.resolve("token"), "fds_ua_x");
        Files.createDirectory(folder.resolve("folder"));
        String here = "--controller=http://127.0.0.1:1 --token-file=" + folder.resolve("token") + " -a x ";

        refused(2, "not an address of a controller: ftp://x", "agent --controller ftp://x");
        refused(2, "--label", "agent --controller http://127.0.0.1:1 --label north");
        refused(78, "no data directory", "agent --controller http://127.0.0.1:1 --data-dir {}/nowhere");
        refused(78, "cannot use the state directory", "agent --controller http://127.0.0.1:1 --state-dir {}/text/x");
        refused(78, "no alliance is named", "client list --controller=http://127.0.0.1:1 --token-file={}/token");
        refused(78, "does not hold a token", "client list --controller=http://127.0.0.1:1 -a x --token-file={}/empty");
        refused(4, "there is no file", "package upload {}/nowhere.tgz " + here);
        refused(7, "there is no such folder", "package create --path {}/nowhere --output {}/x.tgz");
        refused(7, "it has no fedn.yaml", "package create --path {}/folder --output {}/x.tgz");
        refused(7, "is empty", "model upload {}/empty " + here);
        refused(4, "there is no file", "model upload {}/nowhere " + here);
        refused(4, "has no manifest", "model verify {}/folder");
        refused(7, "is not JSON", "session start --plan {}/text " + here);
        refused(78, "cannot read the plan", "session create --plan {}/nowhere " + here);
        refused(2, "has its plan already", "session start 0198c0de-0000-7000-8000-000000000000 --rounds 3 " + here);
        refused(2, "--max-uses", "token create t --max-uses many " + here);
        refused(78, "nowhere", "user create ada --password-file {}/nowhere " + here);
        refused(6, "cannot reach the controller", "client revoke north " + here);
    }

    private void refused(int code, String said, String line) {
        err.getBuffer().setLength(0);
        String filled = line.replace("{}", folder.toString());
        assertThat(run(filled.strip().split(" +", -1))).as(filled + "\n" + err).isEqualTo(code);
        assertThat(err.toString()).as(filled).contains(said).contains("try: ");
    }

    @Test
    void every_command_explains_itself() {
        explain(Foedus.commandLine(List.of()));
    }

    @Test
    void all_that_the_design_names_is_there() {
        var commands = Foedus.commandLine(List.of()).getSubcommands();
        assertThat(commands)
                .containsKeys(
                        "agent",
                        "package",
                        "model",
                        "session",
                        "round",
                        "client",
                        "token",
                        "user",
                        "bench",
                        "completion");
        assertThat(java.util.Objects.requireNonNull(commands.get("session")).getSubcommands())
                .containsOnlyKeys("create", "start", "list", "show", "watch", "pause", "resume", "stop", "continue");
        assertThat(java.util.Objects.requireNonNull(commands.get("model")).getSubcommands())
                .containsKeys("upload", "list", "trail", "download", "verify");
        assertThat(java.util.Objects.requireNonNull(commands.get("package")).getSubcommands())
                .containsKeys("create", "upload", "list", "activate");
    }

    @Test
    void a_completion_script_is_made() {
        assertThat(run("completion")).isZero();
        assertThat(out.toString()).contains("_complete_foedus").contains("session");
    }

    @Test
    void numbers_of_exit_codes_are_a_contract() {
        assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::number))
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 70, 75, 78);
    }

    @Test
    void defaults_are_these() {
        assertThat(UnpackLimits.DEFAULT).isEqualTo(new UnpackLimits(20_000, 4L << 30));
        assertThat(Command.GRACE).isEqualTo(Duration.ofSeconds(10));
        assertThat(AgentSettings.LEAVE_PATIENCE).isEqualTo(Duration.ofSeconds(50));
        assertThat(AgentSettings.PYTHON).isEqualTo("python3");
        assertThat(Retry.PACE.floor()).isEqualTo(Duration.ofMillis(100));
        assertThat(Retry.PACE.earlyCap()).isEqualTo(Duration.ofSeconds(3));
        assertThat(Retry.PACE.cap()).isEqualTo(Duration.ofSeconds(60));
    }

    private void explain(CommandLine command) {
        String name = command.getCommandSpec().qualifiedName();
        assertThat(command.getUsageMessage()).contains("Usage:").as(name).contains("Example");
        command.getCommandSpec()
                .args()
                .forEach(argument -> assertThat(argument.description())
                        .as(name + " " + argument.paramLabel())
                        .isNotEmpty());
        if (command.getSubcommands().isEmpty() && !name.equals("foedus completion")) {
            assertThat(command.getCommandSpec().optionsMap()).as(name).containsKey("--json");
        }
        command.getSubcommands().values().forEach(this::explain);
    }

    private static String[] with(String[] arguments, String last) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = last;
        return all;
    }

    private int run(String... arguments) {
        return Foedus.commandLine(List.of())
                .setErr(new PrintWriter(err))
                .setOut(new PrintWriter(out))
                .execute(arguments);
    }
}
