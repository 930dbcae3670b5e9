package io.foedus.launcher.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.agent.console.Json;
import io.foedus.agent.controller.ControllerClient;
import io.foedus.launcher.processes.GuardedProcess;
import io.foedus.launcher.processes.Ports;
import io.foedus.launcher.processes.Secrets;
import io.foedus.launcher.servers.Installation;
import io.foedus.launcher.servers.Readiness;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The processes of a demo and what they are told to do. */
final class DigitsFederation {
    private final Installation installation;
    private final PrintWriter out;
    private final long start;
    private final List<GuardedProcess> agents = new ArrayList<>();
    private URI controllerUri = URI.create("http://127.0.0.1");
    private DigitsAlliance alliance = new DigitsAlliance(new ControllerClient(controllerUri, null, Optional.empty()));

    /** @param start {@link System#nanoTime} of the start that all times are counted from */
    DigitsFederation(Installation installation, PrintWriter out, long start) {
        this.installation = installation;
        this.out = out;
        this.start = start;
    }

    /** Starts all processes and prepares the alliance; returns when agents have been started. */
    void start(int port, int combinerCount, int agentCount) {
        say("Foedus demo: handwritten digits, " + count(agentCount, "agent") + ", " + count(combinerCount, "combiner")
                + "; data in " + installation.data().path());
        CompletableFuture<DigitsFiles> preparing = CompletableFuture.supplyAsync(() -> DigitsFiles.prepared(
                installation.distribution().digits(), installation.data().path().resolve("digits"), agentCount));
        CompletableFuture<?> runtime = CompletableFuture.runAsync(installation::payara);
        Map<String, String> environment =
                new HashMap<>(installation.startDatabase(0).environment());
        say(at() + "  PostgreSQL takes connections");
        result(runtime);

        environment.put(
                "FOEDUS_BOOTSTRAP_PASSWORD_FILE",
                AdminLogin.passwordFile(installation.data()).toString());
        Installation.Endpoint endpoint = new Installation.Endpoint("controller", "127.0.0.1", port);
        controllerUri = endpoint.uri();
        GuardedProcess controller = installation.startController(endpoint, environment);
        Map<Installation.Endpoint, GuardedProcess> combiners = startCombiners(combinerCount);
        Readiness.await(controller, controllerUri, Installation.PATIENCE);
        say(at() + "  the controller is ready at " + controllerUri);

        ControllerClient client = AdminLogin.at(controllerUri, installation.data());
        Secrets.write(combinerToken(), DigitsAlliance.newCombinerToken(client));
        DigitsFiles files = result(preparing);
        alliance = new DigitsAlliance(client);
        alliance.prepare(files);
        Path joinToken = installation.data().secret("agent-join-token");
        Secrets.write(joinToken, alliance.newJoinToken());
        combiners.forEach((at, combiner) -> Readiness.await(combiner, at.uri(), Installation.PATIENCE));
        say(at() + "  " + count(combinerCount, "combiner") + " ready");
        for (int i = 1; i <= agentCount; i++) {
            String name = "agent-" + i;
            agents.add(installation.startAgent(
                    name,
                    controllerUri,
                    joinToken,
                    Map.of("DIGITS_DATA", files.partition(name).toString())));
        }
        say(at() + "  agents hold " + files.describePartitions() + " images, " + files.heldOut()
                + " more are held out for validation");
    }

    private Map<Installation.Endpoint, GuardedProcess> startCombiners(int count) {
        Map<Installation.Endpoint, GuardedProcess> combiners = new HashMap<>();
        for (int i = 1; i <= count; i++) {
            Installation.Endpoint endpoint = new Installation.Endpoint("combiner-" + i, "127.0.0.1", Ports.anyFree());
            combiners.put(endpoint, installation.startCombiner(endpoint, 0, controllerUri, combinerToken(), Map.of()));
        }
        return combiners;
    }

    private Path combinerToken() {
        return installation.data().secret("combiner-join-token");
    }

    /** Opens and starts a session; returns its id. */
    String openSession(int rounds, int minimumClients) {
        return alliance.openSession(rounds, minimumClients).path("id").asText();
    }

    /** Shows a line per round until the session has ended. */
    Summary follow(String session) {
        List<JsonNode> rounds = new SessionProgress(alliance, session, this::say, agents).untilEnd();
        return new Summary(
                Json.object()
                        .put("controller", controllerUri.toString())
                        .put("session", session)
                        .put("agents", agents.size()),
                rounds,
                alliance.digests(rounds),
                seconds());
    }

    void sayWhereToLook() {
        say("");
        say("The UI is at " + controllerUri + " – account " + AdminLogin.ACCOUNT + ", password "
                + Secrets.read(AdminLogin.passwordFile(installation.data())));
        say("(the password is also in " + AdminLogin.passwordFile(installation.data()) + "). Ctrl-C stops everything.");
    }

    void say(String line) {
        out.println(line);
        out.flush();
    }

    private double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    private String at() {
        return String.format("%6.1f s", seconds());
    }

    private static <T> T result(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static String count(int number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }
}
