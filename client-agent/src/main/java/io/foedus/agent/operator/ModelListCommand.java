package io.foedus.agent.operator;

import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Output;
import io.foedus.agent.controller.Connection;
import io.foedus.agent.controller.ControllerClient;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code foedus model list}. */
@Command(
        name = "list",
        description = "List the alliance's models, newest first.",
        footerHeading = "%nExamples:%n",
        footer = {"  foedus model list -a digits --limit 5", "  foedus model list -a digits --session 0198c0de-… --json"
        })
public final class ModelListCommand implements Callable<Integer> {
    @Mixin
    private Connection at = new Connection();

    @Mixin
    private Output out = new Output();

    @Option(names = "--session", paramLabel = "ID", description = "Only those of this session.")
    private @Nullable String session;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many (default: all).")
    private int limit = Integer.MAX_VALUE;

    @Override
    public Integer call() {
        Map<String, @Nullable Object> query = new HashMap<>();
        query.put("session", session);
        out.table(
                at.open().list(at.in("/models") + ControllerClient.query(query), limit),
                "id",
                "name",
                "roundNumber",
                "format",
                "size",
                "digest",
                "createdAt");
        return ExitCode.OK.number();
    }
}
