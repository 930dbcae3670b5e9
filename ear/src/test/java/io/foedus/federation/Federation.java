package io.foedus.federation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.console.Json;
import io.foedus.agent.controller.ControllerClient;
import io.foedus.launcher.database.EmbeddedDatabase;
import io.foedus.launcher.demo.AdminLogin;
import io.foedus.launcher.processes.DataDirectory;
import io.foedus.launcher.processes.Directories;
import io.foedus.launcher.processes.Distribution;
import io.foedus.launcher.processes.GuardedProcess;
import io.foedus.launcher.processes.Ports;
import io.foedus.launcher.processes.Secrets;
import io.foedus.launcher.servers.Installation;
import io.foedus.launcher.servers.PayaraMicro;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A running federation: a database, controllers, combiners, and the agents that a test adds. Closing it stops every
 * process. Threads may share it.
 *
 * <pre>{@code
 * try (Federation federation = Federation.named("restart").combiners("north", "south").start()) {
 *     Alliance alliance = federation.alliance("digits");
 *     …
 *     federation.controller().kill9();
 *     federation.controller().restart();
 * }
 * }</pre>
 */
public final class Federation implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int HEAP_MEGABYTES = 384;

    private final Installation installation;
    private final List<Member> controllers = new ArrayList<>();
    private final Map<String, Member> combiners = new LinkedHashMap<>();
    private final Member database;
    private final int databasePort = Ports.anyFree();
    private final List<Member> ownServers = new ArrayList<>();
    private final Map<String, String> changedSettings = new ConcurrentHashMap<>();
    private volatile @Nullable EmbeddedDatabase postgresql;
    private @Nullable ControllerClient admin;

    private Federation(String name) {
        Path home = home(name);
        Directories.delete(home);
        installation = new Installation(DataDirectory.open(home), Distribution.find());
        database = new Member("postgresql", Optional.empty(), this::startDatabase);
    }

    /** What lies between the programs of a federation, where a test wants something there. */
    @FunctionalInterface
    public interface Links {
        /**
         * Where a program is to dial another one, on loopback.
         *
         * @param dialler its name; all agents together are {@code agents}
         * @param listener {@code postgresql}, or the name of a controller or combiner
         * @param port where the other one listens; for a combiner its port for agents
         */
        int between(String dialler, String listener, int port);
    }

    /** What is to be started. */
    public static final class Builder {
        private final String name;
        private int controllers = 1;
        private List<String> combiners = List.of("combiner-1");
        private Links links = (dialler, listener, port) -> port;
        private boolean ear;
        private Optional<Path> controllerWar = Optional.empty();
        private final Map<String, String> controllerSettings = new HashMap<>();
        private final Map<String, Map<String, String>> combinerSettings = new HashMap<>();

        private Builder(String name) {
            this.name = name;
        }

        /** How many controllers share the database (1); they are {@code controller-1}, {@code controller-2} …. */
        public Builder controllers(int count) {
            controllers = count;
            return this;
        }

        /** The names of the combiners ({@code combiner-1}); none is fine. */
        public Builder combiners(String... names) {
            combiners = List.of(names);
            return this;
        }

        /** Puts something between the programs. */
        public Builder links(Links between) {
            links = between;
            return this;
        }

        /** Runs one controller and one combiner in the EAR on Payara Server, instead of programs of their own. */
        public Builder asEar() {
            ear = true;
            return this;
        }

        /** Runs this WAR as the controller instead of the built one. */
        public Builder controllerWar(Path war) {
            controllerWar = Optional.of(war);
            return this;
        }

        /** A variable {@code FOEDUS_…} of every controller. */
        public Builder controllerSetting(String variable, Object value) {
            controllerSettings.put(variable, value.toString());
            return this;
        }

        /** A variable {@code FOEDUS_COMBINER_…} of one combiner. */
        public Builder combinerSetting(String combiner, String variable, Object value) {
            combinerSettings.computeIfAbsent(combiner, any -> new HashMap<>()).put(variable, value.toString());
            return this;
        }

        /** Starts all of it, and returns when controllers and combiners are ready. */
        public Federation start() {
            Federation federation = new Federation(name);
            try {
                federation.start(this);
                return federation;
            } catch (RuntimeException | AssertionError e) {
                federation.close();
                throw e;
            }
        }
    }

    /** A federation whose files are in {@code target/it/<name>}; what was there is deleted at the start. */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** Where the files of a federation are, logs in {@code logs}. */
    public static Path home(String name) {
        return Path.of(System.getProperty("foedus.it", "target/it"), name).toAbsolutePath();
    }

    /** What the command {@code foedus server} finds in its environment when it serves this federation's data. */
    public Map<String, String> serverEnvironment() {
        Map<String, String> environment =
                new HashMap<>(Objects.requireNonNull(postgresql).environment());
        environment.put("FOEDUS_DATA", installation.controllerData().toString());
        return environment;
    }

    /** This federation's directory. */
    public Path home() {
        return installation.data().path();
    }

    /** The first controller. */
    public Member controller() {
        return controllers.get(0);
    }

    public List<Member> controllers() {
        return List.copyOf(controllers);
    }

    /** The first combiner. */
    public Member combiner() {
        return combiners.values().iterator().next();
    }

    public Member combiner(String name) {
        return Objects.requireNonNull(combiners.get(name), name);
    }

    public List<Member> combiners() {
        return List.copyOf(combiners.values());
    }

    /** PostgreSQL as a process. */
    public Member database() {
        return database;
    }

    /** A variable {@code FOEDUS_…} of every controller from its next start on. */
    public void controllerSetting(String variable, Object value) {
        changedSettings.put(variable, value.toString());
    }

    /** The first controller called as its admin; a refusal is an exception. */
    public synchronized ControllerClient admin() {
        if (admin == null) {
            admin = AdminLogin.at(controller().uri(), installation.data());
        }
        return admin;
    }

    /** The first controller called as its admin; a refusal is an answer. */
    public Rest rest() {
        return rest(controller());
    }

    /** A controller called as its admin. */
    public Rest rest(Member controller) {
        admin();
        return new Rest(
                controller.uri(), Optional.of(Secrets.read(installation.data().secret("admin-token"))));
    }

    /** Name of the admin's account. */
    public String adminAccount() {
        return AdminLogin.ACCOUNT;
    }

    /** Password of the admin's account. */
    public String adminPassword() {
        return Secrets.read(AdminLogin.passwordFile(installation.data()));
    }

    /** The alliance of a name, made if it is not there. */
    public Alliance alliance(String name) {
        return Alliance.at(this, name);
    }

    /**
     * A connection to the database, for looking at rows.
     *
     * @return one that the caller closes
     */
    public Connection connect() throws SQLException {
        return Objects.requireNonNull(postgresql).connect();
    }

    /** The rows that a query answers, as maps from column to value. */
    public List<Map<String, Object>> sql(String query, Object... parameters) {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                List<Map<String, Object>> all = new ArrayList<>();
                while (rows.next()) {
                    Map<String, Object> row = new LinkedHashMap<>();
                    for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                        row.put(rows.getMetaData().getColumnLabel(i), rows.getObject(i));
                    }
                    all.add(row);
                }
                return all;
            }
        } catch (SQLException e) {
            throw new AssertionError(query, e);
        }
    }

    /** The number that a query answers in its first row and column. */
    public long count(String query, Object... parameters) {
        return ((Number) sql(query, parameters).get(0).values().iterator().next()).longValue();
    }

    /** Stops every process; safe to call twice. */
    @Override
    public void close() {
        ownServers.stream().filter(Member::isAlive).forEach(Member::stop);
        installation.close();
    }

    Installation installation() {
        return installation;
    }

    private void start(Builder plan) {
        if (plan.ear) {
            startEar(plan);
        } else {
            startPrograms(plan);
        }
    }

    private void startEar(Builder plan) {
        database.start();
        PayaraServer payara = new PayaraServer(home().resolve("domains"));
        Installation.Endpoint endpoint = new Installation.Endpoint("payara-server", LOOPBACK, payara.port());
        Map<String, String> environment = environment(endpoint.name(), plan);
        environment.put("FOEDUS_DATA", installation.controllerData().toString());
        environment.put("FOEDUS_COMBINER_CONTROLLER_URL", endpoint.uri().toString());
        environment.put("FOEDUS_COMBINER_JOIN_TOKEN_FILE", combinerToken().toString());
        environment.put("FOEDUS_COMBINER_PORT", String.valueOf(Ports.anyFree()));
        environment.put("FOEDUS_COMBINER_SPOOL_DIR", home().resolve("combiners").toString());
        Member ear = new Member(
                endpoint.name(),
                Optional.of(endpoint.uri()),
                () -> payara.start(installation.data().logs(), environment));
        controllers.add(ear.start());
        ownServers.add(ear);
        payara.deploy(ear);
        // The server is ready when its combiner has registered, which takes a token from its controller.
        writeCombinerToken();
        ear.awaitReady();
    }

    private void startPrograms(Builder plan) {
        CompletableFuture<?> runtime = CompletableFuture.runAsync(installation::payara);
        database.start();
        runtime.join();
        for (int i = 1; i <= plan.controllers; i++) {
            controllers.add(controller("controller-" + i, plan).start());
        }
        for (String name : plan.combiners) {
            combiners.put(name, combiner(name, plan).start());
        }
        controllers.forEach(Member::awaitReady);
        if (!combiners.isEmpty()) {
            ObjectNode request = Json.object().put("kind", "COMBINER_JOIN").put("name", "combiners");
            Secrets.write(
                    combinerToken(),
                    admin().post("/api/tokens", request).path("token").asText());
        }
        combiners.values().forEach(Member::awaitReady);
    }

    private GuardedProcess startDatabase() {
        EmbeddedDatabase started = installation.startDatabase(databasePort);
        postgresql = started;
        return started.process();
    }

    private Member controller(String name, Builder plan) {
        Installation.Endpoint endpoint = new Installation.Endpoint(name, LOOPBACK, Ports.anyFree());
        Map<String, String> environment = environment(name, plan);
        if (plan.controllerWar.isEmpty()) {
            return new Member(name, Optional.of(endpoint.uri()), () -> {
                environment.putAll(changedSettings);
                return installation.startController(endpoint, environment);
            });
        }
        environment.put("FOEDUS_DATA", installation.controllerData().toString());
        PayaraMicro.Server server = new PayaraMicro.Server(
                name,
                plan.controllerWar.get(),
                home().resolve("servers").resolve(name),
                installation.data().logs(),
                LOOPBACK,
                endpoint.port(),
                HEAP_MEGABYTES,
                environment);
        Member member = new Member(
                name, Optional.of(endpoint.uri()), () -> installation.payara().start(server));
        ownServers.add(member);
        return member;
    }

    private Member combiner(String name, Builder plan) {
        Installation.Endpoint endpoint = new Installation.Endpoint(name, LOOPBACK, Ports.anyFree());
        int grpcPort = Ports.anyFree();
        int controllerPort = controller().uri().getPort();
        URI controller = URI.create("http://" + LOOPBACK + ":"
                + plan.links.between(name, controller().name(), controllerPort));
        Map<String, String> settings = new HashMap<>(plan.combinerSettings.getOrDefault(name, Map.of()));
        settings.putIfAbsent(
                "FOEDUS_COMBINER_ADVERTISED_PORT", String.valueOf(plan.links.between("agents", name, grpcPort)));
        return new Member(
                name,
                Optional.of(endpoint.uri()),
                () -> installation.startCombiner(endpoint, grpcPort, controller, combinerToken(), settings));
    }

    private Map<String, String> environment(String name, Builder plan) {
        Map<String, String> environment =
                new HashMap<>(Objects.requireNonNull(postgresql).environment());
        environment.put(
                "FOEDUS_BOOTSTRAP_PASSWORD_FILE",
                AdminLogin.passwordFile(installation.data()).toString());
        environment.put(
                "FOEDUS_DB_URL",
                "jdbc:postgresql://" + LOOPBACK + ":" + plan.links.between(name, "postgresql", databasePort)
                        + "/foedus");
        environment.putAll(plan.controllerSettings);
        return environment;
    }

    private void writeCombinerToken() {
        ObjectNode request = Json.object().put("kind", "COMBINER_JOIN").put("name", "combiners");
        Secrets.write(
                combinerToken(),
                admin().post("/api/tokens", request).path("token").asText());
    }

    private Path combinerToken() {
        return installation.data().secret("combiner-join-token");
    }
}
