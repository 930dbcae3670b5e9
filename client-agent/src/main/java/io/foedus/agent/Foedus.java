package io.foedus.agent;

import io.foedus.agent.attendance.AgentCommand;
import io.foedus.agent.bench.BenchCommand;
import io.foedus.agent.console.CompletionCommand;
import io.foedus.agent.console.FailureReport;
import io.foedus.agent.doctor.DoctorCommand;
import io.foedus.agent.models.ModelCommand;
import io.foedus.agent.operator.AllianceCommands;
import io.foedus.agent.operator.ClientCommands;
import io.foedus.agent.operator.CombinerCommands;
import io.foedus.agent.operator.LoginCommand;
import io.foedus.agent.operator.PackageCommands;
import io.foedus.agent.operator.RoundCommands;
import io.foedus.agent.operator.SessionCommands;
import io.foedus.agent.operator.TokenCommands;
import io.foedus.agent.operator.UserCommands;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The root of the command line. {@link #main} runs the agent's and operator's commands; the launcher module starts the
 * same root with commands of its own through {@link #run}.
 */
@Command(
        name = "foedus",
        description = "Hierarchical federated learning: agents, combiners, a controller.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        subcommands = {
            LoginCommand.class,
            AgentCommand.class,
            AllianceCommands.class,
            PackageCommands.class,
            ModelCommand.class,
            SessionCommands.class,
            RoundCommands.class,
            ClientCommands.class,
            CombinerCommands.class,
            TokenCommands.class,
            UserCommands.class,
            BenchCommand.class,
            DoctorCommand.class,
            CompletionCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  foedus login --controller https://foedus.example:8443 --user ada",
            "  foedus session start --rounds 20 -a digits",
            "  foedus agent --controller https://foedus.example:8443 --token-file join.token",
            "",
            "`foedus COMMAND --help` explains one. Exit codes: 0 ok, 1 failure, 2 usage, 3 authentication, 4 not found,",
            "5 conflict, 6 unreachable, 7 invalid, 70 bug, 75 retry later, 78 configuration."
        })
public final class Foedus implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    public static void main(String[] args) {
        System.exit(run(List.of(), args));
    }

    /**
     * Runs one command line.
     *
     * @param more commands of other modules; one with the name of a command here takes its place
     * @return the exit code
     */
    public static int run(List<Object> more, String... args) {
        return commandLine(more).execute(args);
    }

    /** The root with all commands, for running, completion and tests. */
    public static CommandLine commandLine(List<Object> more) {
        CommandLine root = new CommandLine(new Foedus());
        for (Object command : more) {
            CommandLine added = new CommandLine(command);
            root.getCommandSpec().removeSubcommand(added.getCommandName());
            root.addSubcommand(added);
        }
        FailureReport report = new FailureReport(System.getenv("FOEDUS_DEBUG") != null);
        root.setExecutionExceptionHandler(report);
        root.setParameterExceptionHandler(report);
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.setUsageHelpWidth(110);
        if (System.getenv("NO_COLOR") != null) {
            root.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        }
        return root;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
