package io.foedus.launcher.servers;

import io.foedus.launcher.processes.GuardedProcess;
import io.foedus.launcher.processes.Ports;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code foedus combiner}: a combiner that agents attach to. */
@Command(
        name = "combiner",
        description = {
            "Runs a combiner: agents attach to its gRPC port, it dials the controller.",
            "Every setting is also read from FOEDUS_COMBINER_…; options win. See docs/configuration.md."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  foedus combiner --controller https://foedus.example:8443 --token-file combiner.token",
            "  foedus combiner --name north --bind 0.0.0.0 --grpc-port 12080 --advertise north.example --token-file t"
        })
public final class CombinerCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private DataOption data = new DataOption();

    @Option(names = "--name", description = "Name among the combiners of the installation (combiner).")
    private @Nullable String name;

    @Option(names = "--controller", paramLabel = "URL", description = "The controller (http://127.0.0.1:8080).")
    private @Nullable String controller;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "File with the join token for the first registration.")
    private @Nullable Path tokenFile;

    @Option(names = "--bind", paramLabel = "ADDRESS", description = "Interface for agents to reach (127.0.0.1).")
    private @Nullable String bind;

    @Option(names = "--grpc-port", paramLabel = "PORT", description = "Port for agents to reach (12080).")
    private @Nullable Integer grpcPort;

    @Option(
            names = "--advertise",
            paramLabel = "HOST",
            description = "Host that agents are sent to (the bind address).")
    private @Nullable String advertise;

    @Option(
            names = "--health-port",
            defaultValue = "0",
            description = "Port for health and metrics on loopback (default: the first free from 8180).")
    private int healthPort;

    @Override
    public Integer call() {
        int health = healthPort == 0 ? Ports.firstFree("127.0.0.1", 8180) : Ports.requireFree("127.0.0.1", healthPort);
        if (grpcPort != null) {
            Ports.requireFree(bind == null ? "127.0.0.1" : bind, grpcPort);
        }
        String chosen = name == null ? System.getenv().getOrDefault("FOEDUS_COMBINER_NAME", "combiner") : name;
        Installation installation = data.open("combiner-" + chosen);
        Installation.Endpoint endpoint = new Installation.Endpoint(chosen, "127.0.0.1", health);
        GuardedProcess combiner = installation.startCombiner(endpoint, settings(chosen));
        say("starting combiner " + chosen + "; log: " + combiner.log());
        Readiness.await(combiner, endpoint.uri(), Installation.PATIENCE);
        say("combiner " + chosen + " is ready; health at " + endpoint.uri() + "/health");
        throw Watch.untilOneEnds(List.of(combiner));
    }

    private Map<String, String> settings(String chosen) {
        Map<String, String> settings = new HashMap<>();
        settings.put("FOEDUS_COMBINER_NAME", chosen);
        put(settings, "FOEDUS_COMBINER_CONTROLLER_URL", controller);
        put(settings, "FOEDUS_COMBINER_JOIN_TOKEN_FILE", tokenFile == null ? null : tokenFile.toAbsolutePath());
        put(settings, "FOEDUS_COMBINER_BIND", bind);
        put(settings, "FOEDUS_COMBINER_PORT", grpcPort);
        put(settings, "FOEDUS_COMBINER_ADVERTISED_HOST", advertise);
        return settings;
    }

    private static void put(Map<String, String> settings, String key, @Nullable Object value) {
        if (value != null) {
            settings.put(key, value.toString());
        }
    }

    private void say(String sentence) {
        spec.commandLine().getOut().println(sentence);
        spec.commandLine().getOut().flush();
    }
}
