package io.foedus.agent.operator;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Output;
import io.foedus.agent.controller.Connection;
import io.foedus.agent.controller.ControllerClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code foedus model trail}. */
@Command(
        name = "trail",
        description = "Show a model and its ancestors up to the seed model, nearest first.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  foedus model trail 0198c0de-… -a digits",
            "  foedus model trail 0198c0de-… -a digits --json | jq length"
        })
public final class ModelTrailCommand implements Callable<Integer> {
    @Mixin
    private Connection at = new Connection();

    @Mixin
    private Output out = new Output();

    @Parameters(paramLabel = "MODEL", description = "Id of the model.")
    private String model = "";

    @Override
    public Integer call() {
        out.table(of(at, at.open(), model), "roundNumber", "id", "name", "session", "size", "digest", "createdAt");
        return ExitCode.OK.number();
    }

    /** The model and its ancestors, nearest first. */
    static List<JsonNode> of(Connection at, ControllerClient controller, String model) {
        String path = at.in("/models/" + ControllerClient.encoded(model));
        List<JsonNode> trail = new ArrayList<>(List.of(controller.get(path)));
        trail.addAll(controller.list(path + "/trail", Integer.MAX_VALUE));
        return trail;
    }
}
