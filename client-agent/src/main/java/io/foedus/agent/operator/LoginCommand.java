package io.foedus.agent.operator;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.agent.console.Json;
import io.foedus.agent.console.Output;
import io.foedus.agent.controller.Connection;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code foedus login}: a token for this machine, kept in the user's config file. */
@Command(
        name = "login",
        description = "Get a token with an account's name and password and keep it in the config file (0600).",
        footerHeading = "%nExamples:%n",
        footer = {
            "  foedus login --controller https://foedus.example:8443 --user ada",
            "  foedus login --user ada --password-file - < password"
        })
public final class LoginCommand implements Callable<Integer> {
    @Mixin
    private Connection at = new Connection();

    @Mixin
    private Output out = new Output();

    @Option(names = "--user", required = true, paramLabel = "NAME", description = "The account.")
    private String user = "";

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "File with the password, - for standard input.")
    private @Nullable Path passwordFile;

    @Override
    public Integer call() {
        String password = Secrets.password(passwordFile, "Password of " + user);
        JsonNode token = at.openAnonymously()
                .withPassword(user, password)
                .post("/api/tokens", Json.object().put("kind", "USER").put("name", "foedus login"));
        at.config()
                .put(Map.of(
                        "controller", at.controller().toString(),
                        "token", token.path("token").asText()));
        out.say("Logged in as " + user + "; the token is in " + at.config().file() + ".");
        if (out.isJson()) {
            out.value(Json.object()
                    .put("user", user)
                    .put("expiresAt", token.path("expiresAt").asText()));
        }
        return 0;
    }
}
