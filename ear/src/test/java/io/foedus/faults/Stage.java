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
import org.jspecify.annotations.Nullable;

/**
 * A federation with a wire on every link and a gate at every step: a controller, a combiner, three agents with unequal
 * numbers of examples, and a spare combiner that is drained unless a test wants it. Used by one thread.
 */
final class Stage implements AutoCloseable {
    /** Values of a model: about 1 MiB, so that bytes are on their way for a while. */
    static final int VALUES = 1 << 18;

    /** The combiner that no agent is sent to. */
    static final String SPARE = "combiner-2";

    /** The combiner that agents are sent to; also the name of its clock. */
    static final String COMBINER = "combiner-1";

    static final String CONTROLLER_CLOCK = "controller";
    static final String AGENTS_CLOCK = "agents";

    private static final int SPOOL_MEGABYTES = 1200;
    private static final int SPOOL_RESERVE = 1 << 20;
    private static final int MODEL_CACHE = 64 << 20;
    private static final int[] EXAMPLES = {2, 3, 5};
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

    private Stage(Optional<SmallDisk> disk, Optional<Clocks> clocks) {
        this.disk = disk;
        this.clocks = clocks;
        federation = builder().links(network).start();
        disk.ifPresent(small -> link(spools().resolve(COMBINER), small.directory()));
        alliance = federation.alliance("faults");
        alliance.uploadPackage(InstantPackage.archive(alliance.files().resolve("instant.zip")));
        gates = new Gates(federation);
        drainSpare(true);
        Member controller = federation.controller();
        int port = network.between(
                Network.AGENTS, controller.name(), controller.uri().getPort());
        for (int examples : EXAMPLES) {
            Site site = alliance.site("agent-" + (sites.size() + 1)).examples(examples);
            clocks.ifPresent(all -> all.variables(AGENTS_CLOCK).forEach(site::with));
            sites.add(site.dialing(URI.create("http://127.0.0.1:" + port)).start());
        }
        heal();
    }

    /**
     * Sets one, with a spool on a disk that can be filled and clocks that can be turned, where this machine allows it.
     */
    static Stage set() {
        Path tools = Federation.home("faults-tools");
        return new Stage(SmallDisk.mount(tools.resolve("spool"), SPOOL_MEGABYTES), Clocks.in(tools.resolve("clocks")));
    }

    private Federation.Builder builder() {
        Federation.Builder builder = Federation.named("faults")
                .combiners(COMBINER, SPARE)
                .controllerSetting("FOEDUS_COMBINERS_LEASE_SECONDS", 60)
                .controllerSetting("FOEDUS_REDUCE_CLAIM_SECONDS", 3);
        disk.ifPresent(small -> builder.combinerSetting(COMBINER, "FOEDUS_COMBINER_SPOOL_DIR", small.directory())
                .combinerSetting(COMBINER, "FOEDUS_COMBINER_SPOOL_RESERVE_BYTES", SPOOL_RESERVE)
                .combinerSetting(COMBINER, "FOEDUS_COMBINER_MODEL_CACHE_BYTES", MODEL_CACHE));
        clocks.ifPresent(all -> {
            all.variables(CONTROLLER_CLOCK).forEach(builder::controllerSetting);
            all.variables(COMBINER).forEach((name, value) -> builder.combinerSetting(COMBINER, name, value));
        });
        return builder;
    }

    /** The disk that holds the combiner's spool, if it can be filled. */
    Optional<SmallDisk> disk() {
        return disk;
    }

    /** The clocks {@link #CONTROLLER_CLOCK}, {@link #COMBINER} and {@link #AGENTS_CLOCK}, if they can be turned. */
    Optional<Clocks> clocks() {
        return clocks;
    }

    private Path spools() {
        return federation.home().resolve("combiners");
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
        return network.wire(Network.AGENTS, federation.combiner().name());
    }

    Wire agentsToController() {
        return network.wire(Network.AGENTS, federation.controller().name());
    }

    Wire combinerToController() {
        return network.wire(
                federation.combiner().name(), federation.controller().name());
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
        ObjectNode plan = Json.object()
                .put("rounds", rounds)
                .put("minClients", sites.size())
                .put("deadlineSeconds", 120)
                .put("retries", 3)
                .put("keepUpdates", true);
        ObjectNode request = Json.object().put("seedModel", seedModel);
        request.set("plan", plan);
        String id = federation
                .admin()
                .post(alliance.path("/sessions"), request)
                .path("id")
                .asText();
        return alliance.session(id);
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
        sites.forEach(Site::release);
        restartIfDead(federation.database());
        restartIfDead(federation.controller());
        federation.combiners().forEach(Stage::restartIfDead);
        sites.forEach(site -> restartIfDead(site.agent()));
        federation.controller().awaitReady();
        federation.combiners().forEach(Member::awaitReady);
        awaitAll();
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
