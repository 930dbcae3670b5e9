package io.foedus.agent;

import io.foedus.agent.attendance.AgentCommand;
import io.foedus.agent.bench.BenchCommand;
import io.foedus.agent.console.FailureReport;
import io.foedus.agent.models.ModelCommand;
import io.foedus.agent.operator.LoginCommand;
import io.foedus.agent.operator.NounCommands;
import io.foedus.agent.operator.SessionCommands;
import java.util.List;
import picocli.AutoComplete;
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
            NounCommands.Alliances.class,
            NounCommands.Packages.class,
            ModelCommand.class,
            SessionCommands.class,
            NounCommands.Rounds.class,
            NounCommands.Clients.class,
            NounCommands.Combiners.class,
            NounCommands.Tokens.class,
            NounCommands.Users.class,
            BenchCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  foedus login --controller https://foedus.example:8443 --user ada",
            "  foedus session create --rounds 20 --start",
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
        root.addSubcommand("completion", new AutoComplete.GenerateCompletion());
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
