package io.foedus.agent.operator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.console.Json;
import io.foedus.agent.console.Output;
import io.foedus.agent.controller.Connection;
import io.foedus.agent.controller.ControllerClient;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The smaller nouns of the command line. */
public final class NounCommands {
    private NounCommands() {}

    /** {@code foedus alliance …}. */
    @Command(
            name = "alliance",
            description = "Alliances: create, list, show.",
            footer = "Example: foedus alliance create digits --title \"Digits\"")
    public static final class Alliances extends Group {
        @Command(name = "create", description = "Create an alliance.")
        int create(
                @Mixin Connection at,
                @Mixin Output out,
                @Option(names = "--title") @Nullable String title,
                @Option(names = "--description") @Nullable String description,
                @Parameters(paramLabel = "NAME") String name) {
            ObjectNode body = Json.object().put("name", name).put("title", title == null ? name : title);
            if (description != null) {
                body.put("description", description);
            }
            out.value(at.open().post("/api/alliances", body));
            return 0;
        }

        @Command(name = "list", description = "List alliances.")
        int list(@Mixin Connection at, @Mixin Output out) {
            out.table(at.open().list("/api/alliances", Integer.MAX_VALUE), "name", "title", "description");
            return 0;
        }

        @Command(name = "show", description = "Show one alliance.")
        int show(@Mixin Connection at, @Mixin Output out, @Parameters(paramLabel = "NAME") String name) {
            out.value(at.open().get("/api/alliances/" + ControllerClient.encoded(name)));
            return 0;
        }
    }

    /** {@code foedus package …}. */
    @Command(
            name = "package",
            description = "Compute packages: upload, list, activate.",
            footer = "Example: foedus package upload digits.tar.gz -a digits")
    public static final class Packages extends Group {
        @Command(name = "upload", description = "Upload an archive with fedn.yaml; it becomes the active package.")
        int upload(
                @Mixin Connection at,
                @Mixin Output out,
                @Option(names = "--name") @Nullable String name,
                @Option(names = "--no-activate", description = "Leave the active package as it is.") boolean passive,
                @Parameters(paramLabel = "ARCHIVE") Path archive) {
            Map<String, @Nullable Object> query = new LinkedHashMap<>();
            query.put("name", name == null ? archive.getFileName() : name);
            query.put("fileName", archive.getFileName());
            query.put("activate", !passive);
            out.value(at.open().postFile(at.in("/packages") + ControllerClient.query(query), archive));
            return 0;
        }

        @Command(name = "list", description = "List packages.")
        int list(@Mixin Connection at, @Mixin Output out) {
            out.table(
                    at.open().list(at.in("/packages"), Integer.MAX_VALUE),
                    "id",
                    "name",
                    "active",
                    "size",
                    "digest",
                    "createdAt");
            return 0;
        }

        @Command(name = "activate", description = "Make a package the one that agents run.")
        int activate(@Mixin Connection at, @Mixin Output out, @Parameters(paramLabel = "PACKAGE") String id) {
            at.open().put(at.in("/packages/" + ControllerClient.encoded(id) + "/active"), Json.object());
            out.say("package " + id + " is active");
            return 0;
        }
    }

    /** {@code foedus client …}. */
    @Command(
            name = "client",
            description = "Clients: list, show, revoke.",
            footer = "Example: foedus client list -a digits")
    public static final class Clients extends Group {
        @Command(name = "list", description = "List clients.")
        int list(@Mixin Connection at, @Mixin Output out) {
            out.table(
                    at.open().list(at.in("/clients"), Integer.MAX_VALUE),
                    "id",
                    "name",
                    "state",
                    "combiner",
                    "program",
                    "lastSeenAt");
            return 0;
        }

        @Command(name = "show", description = "Show one client.")
        int show(@Mixin Connection at, @Mixin Output out, @Parameters(paramLabel = "CLIENT") String id) {
            out.value(at.open().get(at.in("/clients/" + ControllerClient.encoded(id))));
            return 0;
        }

        @Command(name = "revoke", description = "Send a client away for good.")
        int revoke(@Mixin Connection at, @Mixin Output out, @Parameters(paramLabel = "CLIENT") String id) {
            at.open().delete(at.in("/clients/" + ControllerClient.encoded(id)));
            out.say("client " + id + " is revoked");
            return 0;
        }
    }

    /** {@code foedus round …}. */
    @Command(
            name = "round",
            description = "Rounds of a session: list, show.",
            footer = "Example: foedus round show SESSION 3 -a digits")
    public static final class Rounds extends Group {
        @Command(name = "list", description = "List the rounds of a session.")
        int list(@Mixin Connection at, @Mixin Output out, @Parameters(paramLabel = "SESSION") String session) {
            out.table(
                    at.open().list(SessionCommands.path(at, session) + "/rounds", Integer.MAX_VALUE),
                    "number",
                    "attempt",
                    "phase",
                    "tally.accepted",
                    "tally.rejected",
                    "examples",
                    "reason");
            return 0;
        }

        @Command(name = "show", description = "Show one round with its shares, updates and validations.")
        int show(
                @Mixin Connection at,
                @Mixin Output out,
                @Parameters(index = "0", paramLabel = "SESSION") String session,
                @Parameters(index = "1", paramLabel = "NUMBER") int number) {
            out.value(at.open().get(SessionCommands.path(at, session) + "/rounds/" + number));
            return 0;
        }
    }

    /** {@code foedus combiner-list …} would clash with the launcher's {@code combiner}; so the noun is plural. */
    @Command(name = "combiners", description = "Combiners: list, drain.", footer = "Example: foedus combiners drain ID")
    public static final class Combiners extends Group {
        @Command(name = "list", description = "List combiners.")
        int list(@Mixin Connection at, @Mixin Output out) {
            out.table(
                    at.open().list("/api/combiners", Integer.MAX_VALUE),
                    "id",
                    "name",
                    "state",
                    "host",
                    "port",
                    "attached",
                    "draining");
            return 0;
        }

        @Command(name = "drain", description = "Send a combiner's agents elsewhere; --undo takes it back.")
        int drain(
                @Mixin Connection at,
                @Mixin Output out,
                @Option(names = "--undo") boolean undo,
                @Parameters(paramLabel = "COMBINER") String id) {
            out.value(at.open()
                    .patch(
                            "/api/combiners/" + ControllerClient.encoded(id),
                            Json.object().put("draining", !undo)));
            return 0;
        }
    }

    /** {@code foedus token …}. */
    @Command(
            name = "token",
            description = "Tokens: create, list, revoke.",
            footer = "Example: foedus token create join --kind JOIN -a digits > join.token")
    public static final class Tokens extends Group {
        @Command(name = "create", description = "Create a token; it is shown once, on standard output.")
        int create(
                @Mixin Connection at,
                @Mixin Output out,
                @Option(names = "--kind", defaultValue = "USER", description = "USER, JOIN or COMBINER_JOIN.")
                        String kind,
                @Option(names = "--max-uses") @Nullable Integer maxUses,
                @Option(names = "--expires-in-seconds") @Nullable Long seconds,
                @Parameters(paramLabel = "NAME") String name) {
            ObjectNode body = Json.object().put("kind", kind).put("name", name);
            if (kind.equals("JOIN")) {
                body.put("alliance", at.alliance());
            }
            if (maxUses != null) {
                body.put("maxUses", maxUses);
            }
            if (seconds != null) {
                body.put("expiresInSeconds", seconds);
            }
            var token = at.open().post("/api/tokens", body);
            out.say(token.path("token").asText());
            if (out.isJson()) {
                out.value(token);
            }
            return 0;
        }

        @Command(name = "list", description = "List own tokens.")
        int list(@Mixin Connection at, @Mixin Output out) {
            out.table(at.open().list("/api/tokens", Integer.MAX_VALUE), "id", "kind", "name", "expiresAt");
            return 0;
        }

        @Command(name = "revoke", description = "End a token.")
        int revoke(@Mixin Connection at, @Mixin Output out, @Parameters(paramLabel = "ID") String id) {
            at.open().delete("/api/tokens/" + ControllerClient.encoded(id));
            out.say("token " + id + " is revoked");
            return 0;
        }
    }

    /** {@code foedus user …}. */
    @Command(
            name = "user",
            description = "Accounts: create, list.",
            footer = "Example: foedus user create ada --password-file -")
    public static final class Users extends Group {
        @Command(name = "create", description = "Create an account.")
        int create(
                @Mixin Connection at,
                @Mixin Output out,
                @Option(names = "--admin") boolean admin,
                @Option(names = "--password-file", paramLabel = "FILE") @Nullable Path password,
                @Parameters(paramLabel = "NAME") String name) {
            String secret = Secrets.password(password, "New password of " + name);
            out.value(at.open()
                    .post(
                            "/api/accounts",
                            Json.object()
                                    .put("name", name)
                                    .put("password", secret)
                                    .put("admin", admin)));
            return 0;
        }

        @Command(name = "list", description = "List accounts.")
        int list(@Mixin Connection at, @Mixin Output out) {
            out.table(at.open().list("/api/accounts", Integer.MAX_VALUE), "name", "admin", "disabled");
            return 0;
        }
    }
}
