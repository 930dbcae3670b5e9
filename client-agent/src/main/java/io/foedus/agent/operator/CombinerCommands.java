package io.foedus.agent.operator;

import io.foedus.agent.console.Json;
import io.foedus.agent.console.Output;
import io.foedus.agent.controller.Connection;
import io.foedus.agent.controller.ControllerClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code foedus combiners …}: the plural, because {@code foedus combiner} runs one. */
@Command(
        name = "combiners",
        description = "Combiners: list, drain.",
        footerHeading = "%nExamples:%n",
        footer = {"  foedus combiners list", "  foedus combiners drain combiner-1"})
public final class CombinerCommands extends Group {
    @Command(
            name = "list",
            description = "List combiners.",
            footerHeading = "%nExample:%n",
            footer = "  foedus combiners list --json")
    int list(@Mixin Connection at, @Mixin Output out) {
        out.table(
                at.open().list("/api/combiners", Integer.MAX_VALUE),
                "id",
                "name",
                "alive",
                "draining",
                "attached",
                "capacity",
                "host",
                "port");
        return 0;
    }

    @Command(
            name = "drain",
            description = "Send a combiner's agents elsewhere and give it no more rounds.",
            footerHeading = "%nExamples:%n",
            footer = {"  foedus combiners drain combiner-1", "  foedus combiners drain combiner-1 --undo"})
    int drain(
            @Mixin Connection at,
            @Mixin Output out,
            @Option(names = "--undo", description = "Let it take part again.") boolean undo,
            @Parameters(paramLabel = "COMBINER", description = "Id or name.") String combiner) {
        ControllerClient controller = at.open();
        String id = Named.id(controller, "/api/combiners", "combiners", combiner);
        out.value(controller.patch("/api/combiners/" + id, Json.object().put("draining", !undo)));
        return 0;
    }
}
