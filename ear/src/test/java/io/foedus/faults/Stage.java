package io.foedus.faults;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.console.Json;
import io.foedus.agent.controller.ControllerException;
import io.foedus.federation.Alliance;
import io.foedus.federation.Federation;
import io.foedus.federation.InstantPackage;
import io.foedus.federation.Member;
import io.foedus.federation.Models;
import io.foedus.federation.SessionRun;
import io.foedus.federation.Site;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A federation with a wire on every link and a gate at every step: a controller, two combiners, agents with unequal
 * numbers of examples. Used by one thread.
 */
final class Stage implements AutoCloseable {
    /** Values of a model: about 1 MiB, so that bytes are on their way for a while. */
    static final int VALUES = 1 << 18;

    /** The combiner that no agent is sent to on a stage with a spare one. */
    static final String SPARE = "combiner-2";

    /** The first combiner; also the name of its clock. */
    static final String COMBINER = "combiner-1";

    /** The controller. */
    static final String CONTROLLER = "controller-1";

    static final String CONTROLLER_CLOCK = "controller";
    static final String AGENTS_CLOCK = "agents";

    /** The most agents on a stage with short leases. */
    static final int MOST_AGENTS = 5;

    /** The lease of combiners on a stage with short leases, unless a test wants another. */
    static final Duration SHORT_LEASE = Duration.ofSeconds(6);

    /** Longer than the rounds of a test in which no lease is to end. */
    static final Duration LONG_LEASE = Duration.ofSeconds(30);

    private static final String ALLIANCE = "faults";
    private static final String LEASE = "FOEDUS_COMBINERS_LEASE_SECONDS";
    private static final int SPOOL_MEGABYTES = 1200;
    private static final int SPOOL_RESERVE = 1 << 20;
    private static final int MODEL_CACHE = 64 << 20;
    private static final int[] EXAMPLES = {2, 3, 5, 7, 11};
    private static final String ATTACHED = "SELECT count(*) FROM client c JOIN alliance a ON a.id = c.alliance_id WHERE"
            + " c.state = 'ATTACHED' AND a.name = ?";
    private static final Duration MOST = Duration.ofSeconds(90);

    private final Optional<SmallDisk> disk;
    private final Optional<Clocks> clocks;
    private final Network network = new Network();
    private final Federation federation;
    private final Alliance alliance;
    private final Gates gates;
    private final List<Site> sites = new ArrayList<>();
    private Member combiner;
    private Duration lease;

    private Stage(Federation.Builder plan, Duration lease, Optional<SmallDisk> disk, Optional<Clocks> clocks) {
        this.disk = disk;
        this.clocks = clocks;
        this.lease = lease;
        federation = plan.combiners(COMBINER, SPARE)
                .controllerSetting(LEASE, lease.toSeconds())
                .controllerSetting("FOEDUS_REDUCE_CLAIM_SECONDS", 3)
                .links(network)
                .start();
        combiner = federation.combiner();
        alliance = federation.alliance(ALLIANCE);
        alliance.uploadPackage(InstantPackage.archive(alliance.files().resolve("instant.zip")));
        gates = new Gates(federation);
    }

    /**
     * Sets one with three agents, a combiner and a spare one that is drained unless a test wants it, and long leases;
     * with a spool on a disk that can be filled and clocks that can be turned, where this machine allows it.
     */
    static Stage set() {
        Path tools = Federation.home("faults-tools");
        Optional<SmallDisk> disk = SmallDisk.mount(tools.resolve("spool"), SPOOL_MEGABYTES);
        Optional<Clocks> clocks = Clocks.in(tools.resolve("clocks"));
        Stage stage = new Stage(builder(disk, clocks), Duration.ofSeconds(60), disk, clocks);
        disk.ifPresent(small -> link(stage.spool(), small.directory()));
        stage.drainSpare(true);
        stage.employ(3);
        stage.heal();
        return stage;
    }

    /** Sets one with two combiners that share four agents, and leases that end in seconds. */
    static Stage withShortLeases() {
        Federation.Builder builder = Federation.named("outages")
                .controllerSetting("FOEDUS_COMBINERS_HEARTBEAT_SECONDS", 1)
                .controllerSetting("FOEDUS_RETENTION_EVERY_MINUTES", 1);
        Stage stage = new Stage(builder, SHORT_LEASE, Optional.empty(), Optional.empty());
        stage.cast(4, 2, SHORT_LEASE);
        return stage;
    }

    private static Federation.Builder builder(Optional<SmallDisk> disk, Optional<Clocks> clocks) {
        Federation.Builder builder = Federation.named("faults");
        disk.ifPresent(small -> builder.combinerSetting(COMBINER, "FOEDUS_COMBINER_SPOOL_DIR", small.directory())
                .combinerSetting(COMBINER, "FOEDUS_COMBINER_SPOOL_RESERVE_BYTES", SPOOL_RESERVE)
                .combinerSetting(COMBINER, "FOEDUS_COMBINER_MODEL_CACHE_BYTES", MODEL_CACHE));
        clocks.ifPresent(all -> {
            all.variables(CONTROLLER_CLOCK).forEach(builder::controllerSetting);
            all.variables(COMBINER).forEach((name, value) -> builder.combinerSetting(COMBINER, name, value));
        });
        return builder;
    }

    /** Has so many agents, the first ones, and starts those that are new. */
    private void employ(int count) {
        Member controller = federation.controller();
        int port = network.between(
                Network.AGENTS, controller.name(), controller.uri().getPort());
        while (sites.size() > count) {
            sites.remove(sites.size() - 1).stop();
        }
        while (sites.size() < count) {
            Site site = alliance.site("agent-" + (sites.size() + 1)).examples(EXAMPLES[sites.size()]);
            clocks.ifPresent(all -> all.variables(AGENTS_CLOCK).forEach(site::with));
            sites.add(site.dialing(URI.create("http://127.0.0.1:" + port)).start());
        }
    }

    /**
     * Has so many agents share one or two combiners, which are held to that lease, and waits until everybody is there.
     * On a stage with short leases.
     */
    void cast(int agents, int combiners, Duration itsLease) {
        combiner = federation.combiner();
        if (!lease.equals(itsLease)) {
            lease = itsLease;
            federation.controllerSetting(LEASE, lease.toSeconds());
            federation.controller().restart();
        }
        heal();
        drainSpare(combiners == 1);
        employ(agents);
        if (!seats().equals(placed(agents, combiners))) {
            employ(0);
            awaitAll();
            for (int i = 1; i <= agents; i++) {
                employ(i);
                awaitAll(); // each is placed where the fewest are
            }
        }
        heal();
    }

    private static List<Integer> placed(int agents, int combiners) {
        return combiners == 1 ? List.of(agents) : List.of(agents / 2, agents - agents / 2);
    }

    /** How many agents the combiners have that have any, ascending. */
    private List<Integer> seats() {
        return federation
                .sql(
                        "SELECT count(*) AS n FROM client c JOIN alliance a ON a.id = c.alliance_id WHERE c.state ="
                                + " 'ATTACHED' AND a.name = ? GROUP BY c.combiner_id ORDER BY n",
                        alliance.name())
                .stream()
                .map(row -> ((Number) Objects.requireNonNull(row.get("n"))).intValue())
                .toList();
    }

    /** How long combiners may be silent. */
    Duration lease() {
        return lease;
    }

    /** The combiner that steps and faults are about: the first one, until {@link #aimAt another} is chosen. */
    Member combiner() {
        return combiner;
    }

    void aimAt(Member other) {
        combiner = other;
    }

    /** The directory of that combiner's spool. */
    Path spool() {
        return federation.home().resolve("combiners").resolve(combiner.name());
    }

    /** The disk that holds the combiner's spool, if it can be filled. */
    Optional<SmallDisk> disk() {
        return disk;
    }

    /** The clocks {@link #CONTROLLER_CLOCK}, {@link #COMBINER} and {@link #AGENTS_CLOCK}, if they can be turned. */
    Optional<Clocks> clocks() {
        return clocks;
    }

    private static void link(Path name, Path directory) {
        try {
            Files.createDirectories(Objects.requireNonNull(name.getParent()));
            Files.createSymbolicLink(name, directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Network network() {
        return network;
    }

    Federation federation() {
        return federation;
    }

    Alliance alliance() {
        return alliance;
    }

    Gates gates() {
        return gates;
    }

    List<Site> sites() {
        return List.copyOf(sites);
    }

    /** The wire between agents and the combiner. */
    Wire agentsToCombiner() {
        return network.wire(Network.AGENTS, combiner.name());
    }

    Wire agentsToController() {
        return network.wire(Network.AGENTS, federation.controller().name());
    }

    Wire combinerToController() {
        return network.wire(combiner.name(), federation.controller().name());
    }

    Wire controllerToDatabase() {
        return network.wire(federation.controller().name(), Network.DATABASE);
    }

    /** New updates for all sites and rounds and a new seed model, all by lot; returns the seed's id. */
    String newModels(Random random, int values, int rounds) {
        for (int i = 0; i < sites.size(); i++) {
            for (int round = 1; round <= rounds; round++) {
                sites.get(i).update(round, vector(random, values, i));
            }
        }
        return alliance.uploadSeed(Models.write(alliance.files().resolve("seed.npz"), vector(random, values, -1)));
    }

    /** Some numbers; those at the start tell who made them. */
    private double[] vector(Random random, int values, int whose) {
        double[] vector = random.doubles(values, -1, 1).toArray();
        for (int i = 0; i < sites.size(); i++) {
            vector[i] = i == whose ? 1 : 0;
        }
        return vector;
    }

    /** A session of so many rounds that needs every site in every round and keeps all updates; not started. */
    SessionRun newSession(String seedModel, int rounds) {
        return newSession(
                seedModel,
                Json.object()
                        .put("rounds", rounds)
                        .put("minClients", sites.size())
                        .put("deadlineSeconds", 120)
                        .put("retries", 3)
                        .put("keepUpdates", true));
    }

    /** A session by a plan; not started. */
    SessionRun newSession(String seedModel, ObjectNode plan) {
        ObjectNode request = Json.object().put("seedModel", seedModel);
        request.set("plan", plan);
        String id = federation
                .admin()
                .post(alliance.path("/sessions"), request)
                .path("id")
                .asText();
        return alliance.session(id);
    }

    /** Lets a session that has finished go on for so many more rounds. */
    void extend(SessionRun session, int rounds) {
        federation.admin().post(session.path("/extensions"), Json.object().put("rounds", rounds));
    }

    /** Whether agents are kept away from the spare combiner. */
    void drainSpare(boolean draining) {
        String id = federation.admin().list("/api/combiners", Integer.MAX_VALUE).stream()
                .filter(combiner -> combiner.path("name").asText().equals(SPARE))
                .findFirst()
                .orElseThrow()
                .path("id")
                .asText();
        federation.admin().patch("/api/combiners/" + id, Json.object().put("draining", draining));
    }

    /** Waits until the combiner has reported the share of the newest round. */
    void awaitReport() {
        await("the share's report")
                .atMost(MOST)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(() ->
                        federation.count("SELECT count(*) FROM share WHERE kind = 'TRAIN' AND phase = 'REPORTED' AND"
                                        + " round_id = (SELECT id FROM round ORDER BY created_at DESC LIMIT 1)")
                                > 0);
    }

    /** The agent that speaks on a connection. */
    Site speaker(Wire.Line line) {
        return sites.stream()
                .filter(site -> line.opening().contains(site.process()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no agent's connection: " + line.opening()));
    }

    /** Ends all faults and waits until everybody is there again. */
    void heal() {
        gates.open();
        network.mend();
        disk.ifPresent(SmallDisk::free);
        clocks.ifPresent(all ->
                List.of(CONTROLLER_CLOCK, COMBINER, AGENTS_CLOCK).forEach(name -> all.jump(name, Duration.ZERO)));
        sites.forEach(site -> site.release().lasting(Duration.ZERO));
        everybody().filter(Member::isAlive).forEach(member -> member.signal("CONT"));
        restartIfDead(federation.database());
        restartIfDead(federation.controller());
        federation.combiners().forEach(Stage::restartIfDead);
        sites.forEach(site -> restartIfDead(site.agent()));
        federation.controller().awaitReady();
        federation.combiners().forEach(Member::awaitReady);
        awaitAll();
    }

    /** Every program of the federation; agents that are not needed now are left out. */
    Stream<Member> everybody() {
        return Stream.of(
                        Stream.of(federation.database(), federation.controller()),
                        federation.combiners().stream(),
                        sites.stream().map(Site::agent))
                .flatMap(members -> members);
    }

    /** The program of a name. */
    Member member(String name) {
        return everybody()
                .filter(member -> member.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no " + name));
    }

    /** The name of an agent's program, counted from 1. */
    static String agent(int number) {
        return ALLIANCE + "-agent-" + number;
    }

    private void awaitAll() {
        await("all agents to be attached")
                .atMost(MOST)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> federation.count(ATTACHED, alliance.name()) == sites.size());
        await("all combiners to be heard by the controller's clock")
                .atMost(MOST)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptionsInstanceOf(ControllerException.class)
                .until(() -> federation.admin().list("/api/combiners", Integer.MAX_VALUE).stream()
                        .allMatch(combiner -> combiner.path("alive").asBoolean()));
    }

    private static void restartIfDead(@Nullable Member member) {
        if (member != null && !member.isAlive()) {
            member.start();
        }
    }

    @Override
    public void close() {
        federation.close();
        network.close();
        disk.ifPresent(SmallDisk::close);
    }
}
