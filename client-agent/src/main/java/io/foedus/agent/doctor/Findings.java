package io.foedus.agent.doctor;

import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Json;
import io.foedus.agent.console.Output;
import java.util.List;

/** Shows findings. */
public final class Findings {
    private Findings() {}

    /**
     * Prints them, each with its remedy, or with {@code --json} as one object {@code {well, findings}}.
     *
     * @return {@link ExitCode#FAILURE} if one of them fails
     */
    public static ExitCode show(List<Finding> findings, Output output) {
        for (Finding finding : findings) {
            output.say(String.format("%-4s  %-15s %s", finding.state(), finding.what(), finding.seen()));
            if (!finding.remedy().isEmpty()) {
                output.say("      try: " + finding.remedy());
            }
        }
        boolean well = findings.stream().noneMatch(f -> f.state() == Finding.State.FAIL);
        if (output.isJson()) {
            output.value(Json.object().put("well", well).set("findings", Json.MAPPER.valueToTree(findings)));
        }
        return well ? ExitCode.OK : ExitCode.FAILURE;
    }
}
