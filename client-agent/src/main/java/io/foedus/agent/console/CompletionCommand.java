package io.foedus.agent.console;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code foedus completion}: a script that lets a shell complete commands and options. */
@Command(
        name = "completion",
        description = "Print a script for bash or zsh that completes commands and options.",
        footerHeading = "%nExamples:%n",
        footer = {"  source <(foedus completion)", "  foedus completion > /etc/bash_completion.d/foedus"})
public final class CompletionCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine()
                .getOut()
                .print(AutoComplete.bash("foedus", spec.root().commandLine()));
        spec.commandLine().getOut().flush();
    }
}
