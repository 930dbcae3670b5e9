package io.foedus.agent.models;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of commands about models. */
@Command(
        name = "model",
        description = "Look at model files, compare, convert and aggregate them.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {InspectCommand.class, DiffCommand.class, ConvertCommand.class, AggregateCommand.class})
public final class ModelCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
