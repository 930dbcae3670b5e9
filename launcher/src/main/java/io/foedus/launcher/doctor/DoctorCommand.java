package io.foedus.launcher.doctor;

import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Json;
import io.foedus.agent.console.Output;
import io.foedus.launcher.processes.Distribution;
import io.foedus.launcher.servers.DataOption;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code foedus doctor}: what is missing on this machine, and how to mend it. */
@Command(
        name = "doctor",
        description = {
            "Looks at this machine for what foedus needs: Java, Maven, ports, disk, memory, PostgreSQL.",
            "Exit code 0 if nothing fails, 1 otherwise."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  foedus doctor", "  foedus doctor --json"})
public final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private Output output = new Output();

    @Mixin
    private DataOption data = new DataOption();

    @Override
    public Integer call() {
        List<Finding> findings = new Machine(System.getenv(), data.path("demo"), Distribution.find()).look();
        for (Finding finding : findings) {
            output.say(String.format("%-4s  %-11s %s", finding.state(), finding.what(), finding.seen()));
            if (!finding.remedy().isEmpty()) {
                output.say("      try: " + finding.remedy());
            }
        }
        boolean well = findings.stream().noneMatch(f -> f.state() == Finding.State.FAIL);
        if (output.isJson()) {
            output.value(Json.object().put("well", well).set("findings", Json.MAPPER.valueToTree(findings)));
        }
        return (well ? ExitCode.OK : ExitCode.FAILURE).number();
    }
}
