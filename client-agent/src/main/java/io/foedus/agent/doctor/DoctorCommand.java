package io.foedus.agent.doctor;

import io.foedus.agent.console.Output;
import io.foedus.agent.controller.Connection;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code foedus doctor} of the agent's jar; the launcher has one that looks at servers too. */
@Command(
        name = "doctor",
        description = {
            "Looks at this site for what an agent needs: Java, shell, Python, state directory, disk, controller, clock,"
                    + " token, combiner.",
            "Exit code 0 if nothing fails, 1 otherwise."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  foedus doctor --controller https://foedus.example:8443",
            "  foedus doctor --state-dir /var/lib/foedus-agent --json"
        })
public final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private Output output = new Output();

    @Mixin
    private Connection at = new Connection();

    @Mixin
    private SiteOption site = new SiteOption();

    @Override
    public Integer call() {
        return Findings.show(site.of(at).look(), output).number();
    }
}
