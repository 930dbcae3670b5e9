package io.foedus.controller.rounds.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.foedus.controller.refusals.Refusal;
import io.foedus.controller.sessions.entity.NewSession;
import io.foedus.controller.sessions.entity.SessionState;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.SelectionKind;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.lineage.Manifest;
import io.foedus.core.round.RoundPhase;
import jakarta.persistence.EntityManager;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each parameter of a session does to its rounds. */
class PlanStoryTest {
    @TempDir
    Path data;

    private TestFederation federation;

    @BeforeEach
    void open() {
        federation = new TestFederation(data);
    }

    @AfterEach
    void close() {
        federation.close();
    }

    @Test
    void a_target_closes_the_round_and_over_selection_asks_more_than_that() {
        TestCombiner north = federation.combiner("north", 6);
        federation.session(Map.of("targetClients", 4, "minClients", 2, "overSelection", 1.5));
        Order order = north.order(TaskKind.TRAIN);
        assertThat(order.select().count()).isEqualTo(6);
        assertThat(order.select().kind()).isEqualTo(SelectionKind.RANDOM);
        assertThat(order.policy().targetUpdates()).isEqualTo(4);
        assertThat(order.policy().minUpdates()).isEqualTo(2);
    }

    @Test
    void several_combiners_divide_the_minimum_and_the_target_among_them() {
        TestCombiner north = federation.combiner("north", 6);
        TestCombiner south = federation.combiner("south", 2);
        federation.session(Map.of("targetClients", 4, "minClients", 4));
        Order.Policy larger = north.order(TaskKind.TRAIN).policy();
        Order.Policy smaller = south.order(TaskKind.TRAIN).policy();
        assertThat(larger.targetUpdates() + smaller.targetUpdates()).isEqualTo(4);
        assertThat(larger.minUpdates() + smaller.minUpdates()).isEqualTo(4);
    }

    @Test
    void after_the_minimum_wait_the_minimum_is_enough() {
        TestCombiner north = federation.combiner("north", 1);
        TestCombiner south = federation.combiner("south", 1);
        UUID session = federation.session(
                Map.of("rounds", 1, "minWaitSeconds", 5, "deadlineSeconds", 600, "validateEvery", 0));
        assertThat(north.order(TaskKind.TRAIN).policy().minWaitMillis()).isEqualTo(5_000);
        south.claim(south.order(TaskKind.TRAIN));
        north.train(north.order(TaskKind.TRAIN), client -> 1, 1);
        federation.pass(6, north, south);
        federation.look(session);
        assertThat(federation.round(session, 1).phase())
                .as("combiners get time to fold and to send")
                .isEqualTo(RoundPhase.TRAINING);
        federation.pass(10, north, south);
        federation.look(session);
        assertThat(federation.round(session, 1).phase()).isEqualTo(RoundPhase.COMPLETED);
    }

    @Test
    void a_round_in_deadline_mode_takes_what_comes_until_its_deadline() {
        TestCombiner north = federation.combiner("north", 3);
        federation.session(Map.of("mode", "DEADLINE", "deadlineSeconds", 30, "minWaitSeconds", 1, "targetClients", 1));
        Order.Policy policy = north.order(TaskKind.TRAIN).policy();
        assertThat(policy.targetUpdates()).isEqualTo(Integer.MAX_VALUE);
        assertThat(policy.minWaitMillis()).isEqualTo(30_000);
        assertThat(policy.maxWaitMillis()).isEqualTo(30_000);
    }

    @Test
    void a_lot_has_a_seed_that_the_manifest_tells() {
        TestCombiner north = federation.combiner("north", 3);
        UUID session = federation.session(Map.of(
                "rounds",
                1,
                "targetClients",
                2,
                "validateEvery",
                0,
                "selection",
                Map.of("kind", "RANDOM", "seed", 77)));
        Order order = north.order(TaskKind.TRAIN);
        assertThat(order.select().seed()).isEqualTo(77);
        north.train(order, client -> 1, 1);
        federation.look(session);
        assertThat(manifest(session, 1).selectionSeed()).isEqualTo(77);
    }

    @Test
    void a_selection_by_attribute_counts_and_asks_only_clients_that_have_it() {
        TestCombiner north = federation.combiner("north", 3);
        label(north.clients().get(0), "{\"site\": \"lund\", \"gpu\": \"yes\"}");
        label(north.clients().get(1), "{\"site\": \"lund\"}");
        UUID session = federation.session(
                Map.of("minClients", 2, "selection", Map.of("kind", "ATTRIBUTE", "labels", Map.of("gpu", "yes"))));
        assertThat(federation.sessionOf(session).waiting()).isEqualTo("1 of 2 needed clients are attached");
        UUID other = federation.session(
                Map.of("minClients", 2, "selection", Map.of("kind", "ATTRIBUTE", "labels", Map.of("site", "lund"))));
        assertThat(federation.sessionOf(other).waiting()).isNull();
        Order order = north.order(TaskKind.TRAIN);
        assertThat(order.select().count()).isEqualTo(2);
        assertThat(order.select().labels()).containsExactly(Map.entry("site", "lund"));
    }

    private void label(UUID client, String json) {
        federation.database.execute("UPDATE client SET labels = '" + json + "' WHERE id = '" + client + "'");
    }

    @Test
    void a_session_without_a_package_is_trained_by_clients_that_bring_their_program_and_by_no_agent() {
        TestCombiner north = federation.combiner("north", 2);
        UUID session = federation
                .sessions()
                .create(
                        federation.operator,
                        federation.alliance,
                        new NewSession(null, null, null, true, Map.of("rounds", 1, "validateEvery", 0), true))
                .id();
        federation.look(session);
        assertThat(federation.sessionOf(session).waiting())
                .isEqualTo("0 of 1 needed clients that bring their own program are attached; the session has no package"
                        + " for agents");
        federation.database.execute("UPDATE client SET external_id = 'fedn-1' WHERE id = '"
                + north.clients().get(0) + "'");
        federation.look(session);
        Order order = north.order(TaskKind.TRAIN);
        assertThat(order.packageDigest()).isNull();
        assertThat(order.select().count()).isEqualTo(1);
        north.train(order, client -> 4, 1);
        federation.look(session);
        assertThat(federation.sessionOf(session).state()).isEqualTo(SessionState.FINISHED);
        assertThat(federation.sessionOf(session).computePackage()).isNull();
        assertThat(manifest(session, 1).computePackage()).isEmpty();
    }

    @Test
    void a_session_has_a_package_unless_it_is_said_that_it_needs_none() {
        federation.database.execute("UPDATE compute_package SET active = false");
        assertRefused(new NewSession(null, null, null, null, Map.of(), false), "NO_PACKAGE", "withoutPackage");
        assertRefused(new NewSession(null, null, UUID.randomUUID(), true, Map.of(), false), "BAD_PACKAGE", "Leave one");
    }

    private void assertRefused(NewSession wish, String code, String remedy) {
        assertThatThrownBy(() -> federation.sessions().create(federation.operator, federation.alliance, wish))
                .isInstanceOfSatisfying(Refusal.class, no -> {
                    assertThat(no.code()).isEqualTo(code);
                    assertThat(no.remedy()).contains(remedy);
                });
    }

    @Test
    void every_second_round_and_the_last_one_are_validated_by_a_fraction() {
        TestCombiner north = federation.combiner("north", 4);
        UUID session = federation.session(Map.of("rounds", 3, "validateEvery", 2, "validateFraction", 0.5));
        north.train(north.order(TaskKind.TRAIN), client -> 1, 1);
        federation.look(session);
        assertThat(federation.round(session, 1).phase()).isEqualTo(RoundPhase.COMPLETED);
        for (int round = 2; round <= 3; round++) {
            north.train(north.order(TaskKind.TRAIN), client -> 1, 1);
            federation.look(session);
            Order validation = north.order(TaskKind.VALIDATE);
            assertThat(validation.roundNumber()).isEqualTo(round);
            assertThat(validation.select().count()).isEqualTo(2);
            north.validate(validation, 0.5);
            federation.look(session);
        }
        assertThat(federation.sessionOf(session).state()).isEqualTo(SessionState.FINISHED);
    }

    @Test
    void settings_and_the_wish_to_keep_updates_reach_the_combiner() {
        TestCombiner north = federation.combiner("north", 1);
        federation.session(Map.of("settings", Map.of("epochs", 3, "lr", 0.1, "mu", 0.01), "keepUpdates", true));
        Order order = north.order(TaskKind.TRAIN);
        assertThat(order.settings()).containsKeys("epochs", "lr", "mu");
        assertThat(order.keepUpdates()).isTrue();
    }

    @Test
    void a_session_goes_on_from_any_model_of_the_trail_and_its_optimizer_begins_anew() {
        TestCombiner north = federation.combiner("north", 1);
        UUID first =
                federation.session(Map.of("rounds", 2, "validateEvery", 0, "optimizer", "fedavgm:lr=1,momentum=0.5"));
        for (int i = 0; i < 2; i++) {
            north.train(north.order(TaskKind.TRAIN), client -> 1, 1);
            federation.look(first);
        }
        UUID middle = federation.round(first, 1).model();
        UUID second = federation
                .sessions()
                .create(
                        federation.operator,
                        federation.alliance,
                        new NewSession(
                                "branch",
                                middle,
                                null,
                                null,
                                Map.of("rounds", 1, "validateEvery", 0, "optimizer", "fedadam:lr=0.1"),
                                true))
                .id();
        federation.look(second);
        assertThat(federation.round(second, 1).baseModel()).isEqualTo(middle);
        north.train(north.order(TaskKind.TRAIN), client -> 5, 1);
        federation.look(second);
        assertThat(federation.sessionOf(second).state()).isEqualTo(SessionState.FINISHED);
        assertThat(manifest(second, 1).previous()).contains(manifest(first, 1).hash());
        // Adam's first step: m = 0.1·Δ, v = 0.99·τ² + 0.01·Δ², with Δ = 4
        double step = 0.1 * 0.4 / (Math.sqrt(0.99 * 1e-8 + 0.01 * 16) + 1e-4);
        assertThat(federation.value(federation.round(second, 1).model())).isCloseTo(1 + step, within(1e-5));
    }

    @Test
    void the_best_model_is_the_one_with_the_smallest_loss_if_the_plan_says_so() {
        TestCombiner north = federation.combiner("north", 1);
        UUID session = federation.session(Map.of("rounds", 3, "best", Map.of("metric", "accuracy", "goal", "min")));
        for (double value : new double[] {0.5, 0.2, 0.3}) {
            north.train(north.order(TaskKind.TRAIN), client -> value, 1);
            federation.look(session);
            north.validate(north.order(TaskKind.VALIDATE), value);
            federation.look(session);
        }
        assertThat(federation.sessionOf(session).bestModel())
                .isEqualTo(federation.round(session, 2).model());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rounds | 0 | rounds must be from 1",
                "minClients | 0 | minClients must be from 1",
                "targetClients | -1 | targetClients must be from 1",
                "overSelection | 0.5 | overSelection must be from 1 to 10",
                "deadlineSeconds | 0 | deadlineSeconds must be from 1 s",
                "minWaitSeconds | 601 | minWaitSeconds must be from 0 s to 600 s",
                "bufferSize | -1 | bufferSize must be from 1",
                "maxStaleness | -1 | maxStaleness must be from 0",
                "validateEvery | -1 | validateEvery must be from 0",
                "validateFraction | 0 | validateFraction must be from above 0 to 1",
                "retries | 101 | retries must be from 0 to 100",
                "mode | SOMETIMES | mode 'SOMETIMES' is none of",
                "aggregator | {oops | aggregator",
                "aggregator | krum:1 | minClients must be at least 5",
                "aggregator | trimmed-mean:0.6 | fraction",
                "optimizer | fedadam:lr=-1 | lr",
                "rounds | many | rounds"
            })
    void a_parameter_out_of_bounds_is_refused_by_name(String name, String value, String complaint) {
        Object typed = value.matches("-?[0-9.]+") ? (Object) Double.valueOf(value) : value;
        Object exact = typed instanceof Double number && number == Math.rint(number) ? number.longValue() : typed;
        assertThatThrownBy(() -> federation.session(Map.of(name, exact)))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo("PLAN_INVALID");
                    assertThat(refusal.detail()).contains(complaint);
                });
        assertThat(federation
                        .sessions()
                        .list(federation.operator, federation.alliance, query())
                        .items())
                .isEmpty();
    }

    private static io.foedus.controller.listing.Query query() {
        return io.foedus.controller.listing.Query.first(10);
    }

    @Test
    void rules_that_judge_by_metrics_need_validation_and_sense() {
        for (Map<String, Object> rule : List.<Map<String, Object>>of(
                Map.of("validateEvery", 0, "best", Map.of("metric", "loss")),
                Map.of("stop", Map.of("metric", "loss", "patience", 0)),
                Map.of("stop", Map.of("patience", 3)),
                Map.of("stop", Map.of("metric", "loss", "goal", "SIDEWAYS")),
                Map.of("selection", Map.of("kind", "ATTRIBUTE")))) {
            assertThatThrownBy(() -> federation.session(rule)).isInstanceOf(Refusal.class);
        }
    }

    private Manifest manifest(UUID session, int round) {
        UUID model = federation.round(session, round).model();
        String text = federation.controller().transaction(() -> (String) federation
                .controller()
                .get(EntityManager.class)
                .createNativeQuery("SELECT manifest FROM model WHERE id = ?1")
                .setParameter(1, model)
                .getSingleResult());
        return Manifest.parse(text.getBytes(StandardCharsets.UTF_8));
    }
}
