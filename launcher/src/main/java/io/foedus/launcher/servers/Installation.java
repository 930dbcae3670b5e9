package io.foedus.launcher.servers;

import io.foedus.launcher.database.EmbeddedDatabase;
import io.foedus.launcher.database.PostgresBinaries;
import io.foedus.launcher.processes.DataDirectory;
import io.foedus.launcher.processes.Distribution;
import io.foedus.launcher.processes.GuardedProcess;
import io.foedus.launcher.processes.Java;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The processes of one data directory. Closing it stops them in the reverse order of their start. Threads may share it.
 *
 * <p>Layout of the directory: {@code postgresql}, {@code controller} (blobs and keys), {@code combiners/<name>}
 * (spool), {@code agents/<name>}, {@code servers/<name>} (Payara's files, made anew at each start), {@code secrets},
 * {@code logs}.
 */
public final class Installation implements AutoCloseable {
    /** Time in which a server that starts must come on by a step, on a slow machine too. */
    public static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final int CONTROLLER_HEAP = 384;
    private static final int COMBINER_HEAP = 384;
    private static final int AGENT_HEAP = 96;

    private final DataDirectory data;
    private final Distribution distribution;
    private final Deque<GuardedProcess> running = new ArrayDeque<>();
    private @Nullable PayaraMicro payara;
    private boolean closed;

    public Installation(DataDirectory data, Distribution distribution) {
        this.data = data;
        this.distribution = distribution;
    }

    public DataDirectory data() {
        return data;
    }

    public Distribution distribution() {
        return distribution;
    }

    /** Starts PostgreSQL on {@code port}, 0 for any, and returns when it takes connections. */
    public EmbeddedDatabase startDatabase(int port) {
        EmbeddedDatabase database = EmbeddedDatabase.start(
                PostgresBinaries.unpacked(distribution.cache(data.path())),
                data.path().resolve("postgresql"),
                data.secret("database"),
                data.logs(),
                port);
        remember(database.process());
        return database;
    }

    /** Where a server listens. */
    public record Endpoint(String name, String address, int port) {
        public URI uri() {
            String host = address.equals("0.0.0.0") ? "127.0.0.1" : address;
            return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
        }
    }

    /**
     * Starts a controller.
     *
     * @param database the variables that name its database; empty if this program's own environment does
     */
    public GuardedProcess startController(Endpoint endpoint, Map<String, String> database) {
        return remember(payara().start(controller(endpoint, database)));
    }

    /** The same with a port that a {@link Door} holds until the controller answers. */
    GuardedProcess startControllerBehindDoor(Endpoint endpoint, Map<String, String> database) {
        return remember(payara().startBehindDoor(controller(endpoint, database)));
    }

    private PayaraMicro.Server controller(Endpoint endpoint, Map<String, String> database) {
        Map<String, String> environment = new HashMap<>(database);
        environment.putIfAbsent(
                "FOEDUS_DATA",
                System.getenv().getOrDefault("FOEDUS_DATA", controllerData().toString()));
        environment.put("FOEDUS_NODE", endpoint.name());
        return new PayaraMicro.Server(
                endpoint.name(),
                distribution.controllerWar(),
                data.path().resolve("servers").resolve(endpoint.name()),
                data.logs(),
                endpoint.address(),
                endpoint.port(),
                CONTROLLER_HEAP,
                environment);
    }

    /** Blobs and keys of the controllers started here. */
    public Path controllerData() {
        return data.path().resolve("controller");
    }

    /**
     * Starts a combiner.
     *
     * @param health where it serves health and metrics
     * @param grpcPort the port for agents on loopback; 0 for any
     * @param joinToken file with the token for its first registration; it may be written later
     * @param more further settings {@code FOEDUS_COMBINER_…}, which win
     */
    public GuardedProcess startCombiner(
            Endpoint health, int grpcPort, URI controller, Path joinToken, Map<String, String> more) {
        return startCombiner(health, grpcPort, controller, joinToken, more, COMBINER_HEAP);
    }

    /**
     * The same with another heap.
     *
     * @param heapMegabytes most that its heap may become
     */
    public GuardedProcess startCombiner(
            Endpoint health,
            int grpcPort,
            URI controller,
            Path joinToken,
            Map<String, String> more,
            int heapMegabytes) {
        Map<String, String> settings = new HashMap<>();
        settings.put("FOEDUS_COMBINER_NAME", health.name());
        settings.put("FOEDUS_COMBINER_PORT", String.valueOf(grpcPort));
        settings.put("FOEDUS_COMBINER_CONTROLLER_URL", controller.toString());
        settings.put("FOEDUS_COMBINER_JOIN_TOKEN_FILE", joinToken.toString());
        settings.putAll(more);
        return startCombiner(health, settings, heapMegabytes);
    }

    /**
     * Starts a combiner on this program's own {@code FOEDUS_COMBINER_…} variables.
     *
     * @param settings variables that win over those
     */
    public GuardedProcess startCombiner(Endpoint health, Map<String, String> settings) {
        return startCombiner(health, settings, COMBINER_HEAP);
    }

    private GuardedProcess startCombiner(Endpoint health, Map<String, String> settings, int heapMegabytes) {
        Map<String, String> environment = new HashMap<>();
        environment.put(
                "FOEDUS_COMBINER_SPOOL_DIR",
                data.path().resolve("combiners").resolve(health.name()).toString());
        environment.putAll(settings);
        return remember(payara().start(new PayaraMicro.Server(
                health.name(),
                distribution.combinerWar(),
                data.path().resolve("servers").resolve(health.name()),
                data.logs(),
                health.address(),
                health.port(),
                heapMegabytes,
                environment)));
    }

    /**
     * Starts an agent with a state directory of its own.
     *
     * @param tokenFile the join token of its alliance
     * @param environment variables for its compute package
     */
    public GuardedProcess startAgent(String name, URI controller, Path tokenFile, Map<String, String> environment) {
        Path home = data.path().resolve("agents").resolve(name);
        List<String> command = Java.command(AGENT_HEAP);
        command.addAll(List.of(
                "-cp",
                distribution.agentClassPath(),
                "io.foedus.agent.Foedus",
                "agent",
                "--controller",
                controller.toString(),
                "--token-file",
                tokenFile.toString(),
                "--name",
                name,
                "--state-dir",
                home.toString()));
        Map<String, String> all = new HashMap<>(Java.path());
        all.putAll(environment);
        return remember(GuardedProcess.start(new GuardedProcess.Program(name, command, all, home, data.logs())));
    }

    /** Unpacks what servers need, so that the first start does not wait for it. */
    public synchronized PayaraMicro payara() {
        if (payara == null) {
            payara = PayaraMicro.unpacked(distribution.payaraMicro(), distribution.cache(data.path()));
        }
        return payara;
    }

    private GuardedProcess remember(GuardedProcess process) {
        synchronized (running) {
            if (!closed) {
                running.removeIf(ended -> !ended.isAlive());
                running.push(process);
                return process;
            }
        }
        process.stop();
        throw new IllegalStateException("the installation was closed while " + process.name() + " started");
    }

    /** Stops all processes: agents, then combiners, then controllers, the database last. Safe to call twice. */
    @Override
    public void close() {
        synchronized (running) {
            closed = true;
            GuardedProcess database = null;
            for (GuardedProcess process : running) {
                if (process.name().equals("postgresql")) {
                    database = process;
                } else {
                    process.beginStop();
                }
            }
            for (GuardedProcess process : running) {
                if (process != database) {
                    process.stop();
                }
            }
            if (database != null) {
                database.stop();
            }
            running.clear();
        }
        data.close();
    }
}
