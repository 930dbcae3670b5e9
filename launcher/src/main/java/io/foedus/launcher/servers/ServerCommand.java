package io.foedus.launcher.servers;

import io.foedus.launcher.processes.GuardedProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code foedus server}: a controller, with an embedded PostgreSQL unless another one is named. */
@Command(
        name = "server",
        description = {
            "Runs a controller: REST API and admin UI.",
            "The database is the one named by FOEDUS_DB_URL, FOEDUS_DB_USER and FOEDUS_DB_PASSWORD, else an embedded"
                    + " PostgreSQL whose data is kept. All other settings: docs/configuration.md."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  foedus server", "  foedus server --address 0.0.0.0 --port 8443 --data /var/lib/foedus"})
public final class ServerCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = "--address",
            defaultValue = "127.0.0.1",
            description = "Interface to listen on (default: ${DEFAULT-VALUE}; put a TLS proxy in front of any other).")
    private String address = "127.0.0.1";

    @Option(names = "--port", defaultValue = "8080", description = "Port to listen on (default: ${DEFAULT-VALUE}).")
    private int port = 8080;

    @Option(names = "--name", defaultValue = "controller", description = "Name in logs and claims (${DEFAULT-VALUE}).")
    private String name = "controller";

    @Override
    public Integer call() {
        Installation.Endpoint endpoint = new Installation.Endpoint(name, address, port);
        Door door = Door.open(address, port);
        Installation installation = data.open("server");
        List<GuardedProcess> processes;
        try {
            processes = start(installation, endpoint);
        } finally {
            door.close();
        }
        say("the controller is ready at " + endpoint.uri());
        Path code = installation.controllerData().resolve("setup-code");
        if (Files.exists(code)) {
            say("no account exists yet: open " + endpoint.uri() + " and use the setup code in " + code);
        }
        throw Watch.untilOneEnds(processes);
    }

    /** Returns what runs, when it is ready. */
    private List<GuardedProcess> start(Installation installation, Installation.Endpoint endpoint) {
        List<GuardedProcess> processes = new ArrayList<>();
        Map<String, String> database = Map.of();
        if (System.getenv("FOEDUS_DB_URL") == null) {
            var embedded = installation.startDatabase(0);
            processes.add(embedded.process());
            database = embedded.environment();
        }
        GuardedProcess controller = installation.startControllerBehindDoor(endpoint, database);
        processes.add(controller);
        say("starting the controller; log: " + controller.log());
        Readiness.await(controller, endpoint.uri(), Installation.PATIENCE);
        return processes;
    }

    private void say(String sentence) {
        spec.commandLine().getOut().println(sentence);
        spec.commandLine().getOut().flush();
    }
}
