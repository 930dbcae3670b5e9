package io.foedus.agent.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.console.Json;
import io.foedus.agent.console.Output;
import io.foedus.agent.controller.Connection;
import io.foedus.agent.controller.ControllerClient;
import io.foedus.agent.state.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code foedus token …}. */
@Command(
        name = "token",
        description = "Tokens: create, list, revoke.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  foedus token create agents --kind JOIN -a digits --output join.token",
            "  foedus token list --kind JOIN -a digits"
        })
public final class TokenCommands extends Group {
    @Command(
            name = "create",
            description = {
                "Create a token. It is shown once: on standard output, or in a file that only you may read.",
                "USER: your own, for programs. JOIN: lets agents join the alliance. COMBINER_JOIN: lets combiners register."
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  foedus token create agents --kind JOIN -a digits --output join.token",
                "  foedus token create one-agent --kind JOIN -a digits --max-uses 1 --expires-in-seconds 3600"
            })
    int create(
            @Mixin Connection at,
            @Mixin Output out,
            @Option(
                            names = "--kind",
                            defaultValue = "USER",
                            description = "USER, JOIN or COMBINER_JOIN (default: USER).")
                    String kind,
            @Option(
                            names = "--max-uses",
                            paramLabel = "N",
                            description = "How many may join with it (default: any number).")
                    @Nullable Integer maxUses,
            @Option(
                            names = "--expires-in-seconds",
                            paramLabel = "N",
                            description = "How long it counts, at most a year (default: the controller's).")
                    @Nullable Long seconds,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "FILE",
                            description = "Write it there, mode 0600.")
                    @Nullable Path output,
            @Parameters(paramLabel = "NAME", description = "What it is for.", defaultValue = "token") String name) {
        String wanted = kind.toUpperCase(Locale.ROOT);
        ObjectNode body = Json.object().put("kind", wanted).put("name", name);
        if (wanted.equals("JOIN")) {
            body.put("alliance", at.alliance());
        }
        if (maxUses != null) {
            body.put("maxUses", maxUses);
        }
        if (seconds != null) {
            body.put("expiresInSeconds", seconds);
        }
        JsonNode token = at.open().post("/api/tokens", body);
        if (output != null) {
            save(token, output);
            out.say("the token is in " + output);
        } else {
            out.say(token.path("token").asText());
        }
        if (out.isJson()) {
            out.value(output == null ? token : ((ObjectNode) token).without("token"));
        }
        return 0;
    }

    @Command(
            name = "list",
            description = "List your own tokens, or with --kind JOIN the alliance's. Their text is never shown again.",
            footerHeading = "%nExamples:%n",
            footer = {"  foedus token list", "  foedus token list --kind JOIN -a digits"})
    int list(
            @Mixin Connection at,
            @Mixin Output out,
            @Option(names = "--kind", defaultValue = "USER", description = "USER or JOIN (default: USER).")
                    String kind) {
        String path = kind.equalsIgnoreCase("JOIN")
                ? "/api/tokens?alliance=" + ControllerClient.encoded(at.alliance())
                : "/api/tokens";
        out.table(
                at.open().list(path, Integer.MAX_VALUE),
                "id",
                "kind",
                "name",
                "uses",
                "maxUses",
                "lastUsedAt",
                "expiresAt");
        return 0;
    }

    @Command(
            name = "revoke",
            description = "End a token at once.",
            footerHeading = "%nExample:%n",
            footer = "  foedus token revoke 4fK2bX9Lm1")
    int revoke(
            @Mixin Connection at,
            @Mixin Output out,
            @Parameters(paramLabel = "ID", description = "The token's id, as listed.") String id) {
        at.open().delete("/api/tokens/" + ControllerClient.encoded(id));
        out.done("token " + id + " is revoked");
        return 0;
    }

    private static void save(JsonNode token, Path output) {
        try {
            PrivateFiles.write(output, (token.path("token").asText() + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    "the token was made, but cannot be written to " + output + ": " + e,
                    "Revoke it with `foedus token revoke " + token.path("id").asText() + "` and write elsewhere.",
                    e);
        }
    }
}
