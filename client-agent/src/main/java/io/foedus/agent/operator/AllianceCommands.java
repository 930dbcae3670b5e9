package io.foedus.agent.operator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.console.Json;
import io.foedus.agent.console.Output;
import io.foedus.agent.controller.Connection;
import io.foedus.agent.controller.ControllerClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code foedus alliance …}. */
@Command(
        name = "alliance",
        description = "Alliances: create, list, show, and who may do what in them.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  foedus alliance create digits --title \"Handwritten digits\"",
            "  foedus alliance grant ada OPERATOR -a digits"
        })
public final class AllianceCommands extends Group {
    @Command(
            name = "create",
            description = "Create an alliance.",
            footerHeading = "%nExample:%n",
            footer = "  foedus alliance create digits --title \"Handwritten digits\"")
    int create(
            @Mixin Connection at,
            @Mixin Output out,
            @Option(names = "--title", description = "What people see (default: the name).") @Nullable String title,
            @Option(names = "--description", description = "A sentence or two for people.") @Nullable String description,
            @Parameters(paramLabel = "NAME", description = "Name in addresses and commands.") String name) {
        ObjectNode body = Json.object().put("name", name).put("title", title == null ? name : title);
        if (description != null) {
            body.put("description", description);
        }
        out.value(at.open().post("/api/alliances", body));
        return 0;
    }

    @Command(
            name = "list",
            description = "List the alliances that you may see.",
            footerHeading = "%nExample:%n",
            footer = "  foedus alliance list --json")
    int list(@Mixin Connection at, @Mixin Output out) {
        out.table(at.open().list("/api/alliances", Integer.MAX_VALUE), "name", "title", "role", "description");
        return 0;
    }

    @Command(
            name = "show",
            description = "Show one alliance.",
            footerHeading = "%nExample:%n",
            footer = "  foedus alliance show digits")
    int show(
            @Mixin Connection at,
            @Mixin Output out,
            @Parameters(paramLabel = "NAME", description = "The alliance.") String name) {
        out.value(at.open().get("/api/alliances/" + ControllerClient.encoded(name)));
        return 0;
    }

    @Command(
            name = "members",
            description = "List accounts and their roles.",
            footerHeading = "%nExample:%n",
            footer = "  foedus alliance members -a digits")
    int members(@Mixin Connection at, @Mixin Output out) {
        out.table(at.open().list(at.in("/members"), Integer.MAX_VALUE), "account", "role");
        return 0;
    }

    @Command(
            name = "grant",
            description = "Give an account a role: VIEWER sees, MEMBER also downloads models, OPERATOR operates.",
            footerHeading = "%nExample:%n",
            footer = "  foedus alliance grant ada OPERATOR -a digits")
    int grant(
            @Mixin Connection at,
            @Mixin Output out,
            @Parameters(index = "0", paramLabel = "ACCOUNT", description = "The account's name.") String account,
            @Parameters(index = "1", paramLabel = "ROLE", description = "VIEWER, MEMBER or OPERATOR.") String role) {
        out.value(at.open()
                .put(
                        at.in("/members/" + ControllerClient.encoded(account)),
                        Json.object().put("role", role.toUpperCase(java.util.Locale.ROOT))));
        return 0;
    }

    @Command(
            name = "withdraw",
            description = "Take an account's role away.",
            footerHeading = "%nExample:%n",
            footer = "  foedus alliance withdraw ada -a digits")
    int withdraw(
            @Mixin Connection at,
            @Mixin Output out,
            @Parameters(paramLabel = "ACCOUNT", description = "The account's name.") String account) {
        at.open().delete(at.in("/members/" + ControllerClient.encoded(account)));
        out.done(account + " has no role in " + at.alliance() + " any more");
        return 0;
    }
}
