package io.foedus.launcher.bench;

import io.foedus.agent.bench.ExactCommand;
import io.foedus.agent.bench.FoldCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The benchmarks of the agent's command line, and those that need servers. */
@Command(
        name = "bench",
        description = "Measure this machine: the fold, rounds, many clients.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {"  foedus bench fold --updates 10 --size-mb 100", "  foedus bench clients --count 1000 --json"},
        subcommands = {FoldCommand.class, ExactCommand.class, RoundCommand.class, ClientsCommand.class})
public final class ServerBenchCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
