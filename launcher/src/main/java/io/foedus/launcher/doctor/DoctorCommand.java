package io.foedus.launcher.doctor;

import io.foedus.agent.console.Output;
import io.foedus.agent.controller.Connection;
import io.foedus.agent.doctor.Finding;
import io.foedus.agent.doctor.Findings;
import io.foedus.agent.doctor.SiteOption;
import io.foedus.launcher.processes.Distribution;
import io.foedus.launcher.servers.DataOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code foedus doctor}: what is missing on this machine, and how to mend it. */
@Command(
        name = "doctor",
        description = {
            "Looks at this machine for what foedus needs: Java, Maven, ports, disk, memory, PostgreSQL; with --agent for"
                    + " what an agent needs.",
            "Exit code 0 if nothing fails, 1 otherwise."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  foedus doctor", "  foedus doctor --agent --controller https://foedus.example:8443 --json"})
public final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private Output output = new Output();

    @Mixin
    private DataOption data = new DataOption();

    @Mixin
    private Connection at = new Connection();

    @Mixin
    private SiteOption site = new SiteOption();

    @Option(
            names = "--agent",
            description = "Look at what an agent needs instead: shell, Python, state directory, controller, token.")
    private boolean agent;

    @Override
    public Integer call() {
        List<Finding> findings = new ArrayList<>(
                agent
                        ? site.of(at).look()
                        : new Machine(System.getenv(), data.path("demo"), Distribution.find()).look());
        return Findings.show(findings, output).number();
    }
}
