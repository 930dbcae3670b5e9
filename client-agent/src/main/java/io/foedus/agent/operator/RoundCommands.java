package io.foedus.agent.operator;

import io.foedus.agent.console.Output;
import io.foedus.agent.controller.Connection;
import io.foedus.agent.controller.ControllerClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code foedus round …}. */
@Command(
        name = "round",
        description = "Rounds of a session: list, show.",
        footerHeading = "%nExamples:%n",
        footer = {"  foedus round list SESSION -a digits", "  foedus round show SESSION 3 -a digits --json"})
public final class RoundCommands extends Group {
    @Command(
            name = "list",
            description = "List the rounds of a session, every attempt of them.",
            footerHeading = "%nExample:%n",
            footer = "  foedus round list 0198c0de-… -a digits")
    int list(
            @Mixin Connection at,
            @Mixin Output out,
            @Parameters(paramLabel = "SESSION", description = "Id or name.") String session) {
        ControllerClient controller = at.open();
        out.table(
                controller.list(SessionCommands.path(at, controller, session) + "/rounds", Integer.MAX_VALUE),
                "number",
                "attempt",
                "phase",
                "tally.accepted",
                "tally.rejected",
                "tally.lost",
                "examples",
                "startedAt",
                "finishedAt",
                "reason");
        return 0;
    }

    @Command(
            name = "show",
            description =
                    "Show one round with its shares, every client's part and why it came to nothing if it did, every"
                            + " update's fate, and validations.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  foedus round show 0198c0de-… 3 -a digits --json | jq '.updates[] | [.clientName, .fate, .reason]'",
                "  foedus round show 0198c0de-… 3 -a digits --json | jq '.participants[] | select(.state == \"FAILED\")'"
            })
    int show(
            @Mixin Connection at,
            @Mixin Output out,
            @Parameters(index = "0", paramLabel = "SESSION", description = "Id or name.") String session,
            @Parameters(index = "1", paramLabel = "NUMBER", description = "Number of the round, from 1.") int number) {
        ControllerClient controller = at.open();
        out.value(controller.get(SessionCommands.path(at, controller, session) + "/rounds/" + number));
        return 0;
    }
}
