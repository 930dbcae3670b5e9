package io.foedus.agent.models;

import io.foedus.agent.operator.ModelDownloadCommand;
import io.foedus.agent.operator.ModelListCommand;
import io.foedus.agent.operator.ModelTrailCommand;
import io.foedus.agent.operator.ModelUploadCommand;
import io.foedus.agent.operator.ModelVerifyCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of commands about models. */
@Command(
        name = "model",
        description =
                "Look at model files, compare, convert and aggregate them; upload, list, fetch and verify models.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            InspectCommand.class,
            DiffCommand.class,
            ConvertCommand.class,
            AggregateCommand.class,
            ModelUploadCommand.class,
            ModelListCommand.class,
            ModelTrailCommand.class,
            ModelDownloadCommand.class,
            ModelVerifyCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  foedus model inspect seed.npz --stats",
            "  foedus model upload seed.npz -a digits",
            "  foedus model verify evidence/ --public-key controller.key"
        })
public final class ModelCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
