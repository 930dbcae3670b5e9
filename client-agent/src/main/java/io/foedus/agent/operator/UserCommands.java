package io.foedus.agent.operator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.console.Json;
import io.foedus.agent.console.Output;
import io.foedus.agent.controller.Connection;
import io.foedus.agent.controller.ControllerClient;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code foedus user …}. */
@Command(
        name = "user",
        description = "Accounts: create, list, change.",
        footerHeading = "%nExamples:%n",
        footer = {"  foedus user create ada --password-file ada.password", "  foedus user change ada --disable"})
public final class UserCommands extends Group {
    @Command(
            name = "create",
            description = "Create an account. Its password is asked for on the terminal, or read from a file.",
            footerHeading = "%nExamples:%n",
            footer = {"  foedus user create ada", "  foedus user create grace --admin --password-file - < password"})
    int create(
            @Mixin Connection at,
            @Mixin Output out,
            @Option(names = "--admin", description = "May administer the installation.") boolean admin,
            @Option(
                            names = "--password-file",
                            paramLabel = "FILE",
                            description = "File with the password, - for standard input.")
                    @Nullable Path password,
            @Parameters(paramLabel = "NAME", description = "Name of the account.") String name) {
        String secret = Secrets.password(password, "New password of " + name);
        out.value(at.open()
                .post(
                        "/api/accounts",
                        Json.object().put("name", name).put("password", secret).put("admin", admin)));
        return 0;
    }

    @Command(
            name = "list",
            description = "List accounts.",
            footerHeading = "%nExample:%n",
            footer = "  foedus user list --json")
    int list(@Mixin Connection at, @Mixin Output out) {
        out.table(at.open().list("/api/accounts", Integer.MAX_VALUE), "name", "admin", "disabled");
        return 0;
    }

    @Command(
            name = "change",
            description = "Change an account: its password, whether it is an admin, whether it may log in.",
            footerHeading = "%nExamples:%n",
            footer = {"  foedus user change ada --new-password", "  foedus user change ada --disable"})
    int change(
            @Mixin Connection at,
            @Mixin Output out,
            @Option(names = "--admin", negatable = true, description = "Make it an admin, or not one any more.")
                    @Nullable Boolean admin,
            @Option(names = "--disable", description = "It may not log in, and its tokens do not count.")
                    boolean disable,
            @Option(names = "--enable", description = "It may log in again.") boolean enable,
            @Option(names = "--new-password", description = "Ask for a new password.") boolean newPassword,
            @Option(names = "--password-file", paramLabel = "FILE", description = "Take the new password from there.")
                    @Nullable Path password,
            @Parameters(paramLabel = "NAME", description = "The account.") String name) {
        ObjectNode change = Json.object();
        if (admin != null) {
            change.put("admin", admin);
        }
        if (disable || enable) {
            change.put("disabled", disable);
        }
        if (newPassword || password != null) {
            change.put("password", Secrets.password(password, "New password of " + name));
        }
        out.value(at.open().patch("/api/accounts/" + ControllerClient.encoded(name), change));
        return 0;
    }
}
