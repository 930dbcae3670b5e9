package io.foedus.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.console.Json;
import io.foedus.faults.Gates.Gate;
import io.foedus.federation.Alliance;
import io.foedus.federation.Federation;
import io.foedus.federation.Full;
import io.foedus.federation.InstantPackage;
import io.foedus.federation.Member;
import io.foedus.federation.Models;
import io.foedus.federation.SessionRun;
import io.foedus.federation.Site;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Four combiners under two controllers on one database; combiners reach them through a balancer. */
@Full
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HierarchyIT {
    private static final int CLIENTS = 8;
    private static final int VALUES = 1 << 16;
    private static final Duration MOST = Duration.ofSeconds(60);

    private final Network network = new Network();
    private final Federation federation;
    private final Gates gates;

    HierarchyIT() {
        federation = Federation.named("hierarchy")
                .controllers(2)
                .combiners("combiner-1", "combiner-2", "combiner-3", "combiner-4")
                .controllerSetting("FOEDUS_COMBINERS_LEASE_SECONDS", 10)
                .controllerSetting("FOEDUS_REDUCE_CLAIM_SECONDS", 3)
                .links(network)
                .start();
        gates = new Gates(federation);
        int second = federation.controllers().get(1).uri().getPort();
        for (Member combiner : federation.combiners()) {
            network.wire(combiner.name(), federation.controller().name()).alsoTo(second);
        }
    }

    @AfterAll
    void stop() {
        federation.close();
        network.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void unequal_clients_under_any_number_of_combiners_make_the_model_that_they_make_without(int combiners) {
        Alliance alliance = newAlliance("tree-" + combiners);
        Random random = new Random(combiners);
        double[] expected = new double[VALUES];
        long examples = 0;
        List<HandmadeClient> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            String combiner = federation.combiners().get(i % combiners).name();
            clients.add(HandmadeClient.join(alliance, "client-" + i, combiner));
        }
        SessionRun session = alliance.start(plan(1, CLIENTS));
        for (int i = 0; i < CLIENTS; i++) {
            double[] update = random.doubles(VALUES, -1, 1).toArray();
            long weight = 1L + random.nextInt(1000);
            Path file = Models.write(alliance.files().resolve("update.npz"), update);
            clients.get(i).deliver(clients.get(i).takeTask(), bytes(file), weight);
            double[] stored = Models.read(file);
            for (int j = 0; j < VALUES; j++) {
                expected[j] += weight * stored[j];
            }
            examples += weight;
        }
        String model = session.awaitFinish().path("model").asText();

        double[] found = alliance.values(model);
        for (int j = 0; j < VALUES; j++) {
            assertThat(Math.abs(found[j] - expected[j] / examples)).isLessThanOrEqualTo(1e-6);
        }
        assertThat(session.round(1).path("shares")).hasSize(combiners);
        Checker.check(alliance, session, new Receipts());
        clients.forEach(HandmadeClient::close);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void either_of_two_controllers_may_die_while_one_of_them_commits(boolean theOneThatCommits) {
        Alliance alliance = newAlliance("two-controllers-" + theOneThatCommits);
        try (HandmadeClient one = HandmadeClient.join(alliance, "one", "combiner-1");
                HandmadeClient two = HandmadeClient.join(alliance, "two", "combiner-2")) {
            SessionRun session = alliance.start(plan(1, 2));
            gates.shut(Gate.COMMIT);
            one.deliver(one.takeTask(), model(alliance, 1), 1);
            two.deliver(two.takeTask(), model(alliance, 3), 1);
            gates.awaitArrival(Gate.COMMIT);
            int port = gates.visitor(Gate.COMMIT);
            Member victim = federation.controllers().stream()
                    .filter(controller -> commits(controller, port) == theOneThatCommits)
                    .findFirst()
                    .orElseThrow();

            victim.kill9();
            gates.open();
            await("the other controller to finish the session").atMost(MOST).until(() -> hasFinished(session));

            victim.start().awaitReady();
            assertThat(alliance.values(session.awaitFinish().path("model").asText())[0])
                    .isEqualTo(2.0);
            Checker.check(alliance, session, new Receipts());
        }
    }

    private boolean commits(Member controller, int port) {
        return network.wire(controller.name(), Network.DATABASE).leavesFrom(port);
    }

    /** Asks the database, as it may be the first controller that is away. */
    private boolean hasFinished(SessionRun session) {
        return federation.count("SELECT count(*) FROM session WHERE id = ?::uuid AND state = 'FINISHED'", session.id())
                == 1;
    }

    @Test
    void a_combiner_that_dies_for_good_loses_its_clients_to_others_and_the_round_completes() {
        Alliance alliance = federation.alliance("moved").useInstantPackage();
        List<Site> sites = alliance.startAgents(4);
        sites.forEach(Site::hold);
        SessionRun session = alliance.start(plan(2, 4));
        await("all to train")
                .atMost(MOST)
                .until(() -> sites.stream().noneMatch(site -> site.calls().isEmpty()));
        String name = String.valueOf(federation
                .sql(
                        "SELECT b.name FROM client c JOIN combiner b ON b.id = c.combiner_id JOIN alliance a ON a.id ="
                                + " c.alliance_id WHERE a.name = ?",
                        alliance.name())
                .get(0)
                .get("name"));
        Member victim = federation.combiner(name);

        victim.kill9();
        sites.forEach(Site::release);
        session.awaitFinish();

        victim.start().awaitReady();
        Checker.check(alliance, session, new Receipts());
        assertThat(session.round(2).path("tally").path("accepted").asInt()).isEqualTo(4);
        sites.forEach(site -> site.agent().stop());
    }

    private Alliance newAlliance(String name) {
        Alliance alliance = federation.alliance(name);
        alliance.uploadPackage(InstantPackage.archive(alliance.files().resolve("instant.zip")));
        alliance.uploadSeed(Models.write(alliance.files().resolve("seed.npz"), new double[VALUES]));
        return alliance;
    }

    private static ObjectNode plan(int rounds, int minClients) {
        return Json.object()
                .put("rounds", rounds)
                .put("minClients", minClients)
                .put("validateEvery", 0)
                .put("deadlineSeconds", 120)
                .put("retries", 3)
                .put("keepUpdates", true);
    }

    private static byte[] model(Alliance alliance, double number) {
        double[] values = new double[VALUES];
        java.util.Arrays.fill(values, number);
        return bytes(Models.write(alliance.files().resolve("update.npz"), values));
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
