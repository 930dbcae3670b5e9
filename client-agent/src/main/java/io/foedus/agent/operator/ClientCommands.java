package io.foedus.agent.operator;

import io.foedus.agent.console.Output;
import io.foedus.agent.controller.Connection;
import io.foedus.agent.controller.ControllerClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code foedus client …}. */
@Command(
        name = "client",
        description = "Clients: list, show, revoke.",
        footerHeading = "%nExamples:%n",
        footer = {"  foedus client list -a digits", "  foedus client revoke hospital-north -a digits"})
public final class ClientCommands extends Group {
    @Command(
            name = "list",
            description = "List the alliance's clients.",
            footerHeading = "%nExample:%n",
            footer = "  foedus client list -a digits --json | jq '.[] | select(.state == \"ATTACHED\").name'")
    int list(@Mixin Connection at, @Mixin Output out) {
        out.table(
                at.open().list(at.in("/clients"), Integer.MAX_VALUE),
                "id",
                "name",
                "state",
                "busy",
                "combiner",
                "program",
                "updates",
                "lastSeenAt");
        return 0;
    }

    @Command(
            name = "show",
            description = "Show one client with its last updates and validations.",
            footerHeading = "%nExample:%n",
            footer = "  foedus client show hospital-north -a digits")
    int show(
            @Mixin Connection at,
            @Mixin Output out,
            @Parameters(paramLabel = "CLIENT", description = "Id or name.") String client) {
        ControllerClient controller = at.open();
        out.value(controller.get(path(at, controller, client)));
        return 0;
    }

    @Command(
            name = "revoke",
            description = "Send a client away for good: its token and ticket stop to count.",
            footerHeading = "%nExample:%n",
            footer = "  foedus client revoke hospital-north -a digits")
    int revoke(
            @Mixin Connection at,
            @Mixin Output out,
            @Parameters(paramLabel = "CLIENT", description = "Id or name.") String client) {
        ControllerClient controller = at.open();
        controller.delete(path(at, controller, client));
        out.done("client " + client + " is revoked");
        return 0;
    }

    private static String path(Connection at, ControllerClient controller, String client) {
        return at.in("/clients/" + Named.id(controller, at.in("/clients"), "client", client));
    }
}
