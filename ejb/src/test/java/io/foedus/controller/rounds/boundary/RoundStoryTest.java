package io.foedus.controller.rounds.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.foedus.controller.alliances.boundary.Policies;
import io.foedus.controller.identity.boundary.SigningKeys;
import io.foedus.controller.identity.entity.Role;
import io.foedus.controller.participation.entity.UpdateState;
import io.foedus.controller.refusals.Refusal;
import io.foedus.controller.rounds.control.Reduced;
import io.foedus.controller.rounds.control.Reducer;
import io.foedus.controller.rounds.control.Reduction;
import io.foedus.controller.rounds.entity.SharePhase;
import io.foedus.controller.sessions.boundary.Privacy;
import io.foedus.controller.sessions.entity.SessionState;
import io.foedus.controller.testing.TestController;
import io.foedus.core.aggregation.Contribution;
import io.foedus.core.aggregation.Fold;
import io.foedus.core.aggregation.FoldResult;
import io.foedus.core.aggregation.Mean;
import io.foedus.core.aggregation.PrivacyAccountant;
import io.foedus.core.exchange.Fate;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.ShareReport;
import io.foedus.core.exchange.ShareReport.Input;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.exchange.UpdateNotice;
import io.foedus.core.lineage.Manifest;
import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFile;
import io.foedus.core.round.RoundPhase;
import io.foedus.core.round.Tally;
import jakarta.persistence.EntityManager;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoundStoryTest {
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
    void two_unequal_combiners_make_a_model_weighted_by_examples() {
        TestCombiner north = federation.combiner("north", 1);
        TestCombiner south = federation.combiner("south", 3);
        UUID session = federation.session(Map.of("rounds", 1, "minClients", 4));
        north.train(north.order(TaskKind.TRAIN), client -> 1, 90);
        federation.look(session);
        assertThat(federation.round(session, 1).phase()).isEqualTo(RoundPhase.TRAINING);
        south.train(south.order(TaskKind.TRAIN), client -> 2, 10);
        federation.look(session);

        RoundView round = federation.round(session, 1);
        assertThat(round.phase()).isEqualTo(RoundPhase.VALIDATING);
        assertThat(round.examples()).isEqualTo(120);
        assertThat(federation.value(round.model())).isCloseTo((90 * 1 + 30 * 2) / 120.0, within(1e-6));
        assertThat(round.updates()).hasSize(4).allMatch(update -> update.fate() == UpdateState.ACCEPTED);

        north.validate(north.order(TaskKind.VALIDATE), 0.5);
        south.validate(south.order(TaskKind.VALIDATE), 0.9);
        federation.look(session);
        assertThat(federation.round(session, 1).phase()).isEqualTo(RoundPhase.COMPLETED);
        assertThat(federation.round(session, 1).metrics().get("accuracy").mean())
                .isCloseTo(0.8, within(1e-9));
        assertThat(federation.sessionOf(session).state()).isEqualTo(SessionState.FINISHED);
        assertThat(federation.sessionOf(session).model()).isEqualTo(round.model());
        assertThat(north.orders()).isEmpty();
    }

    @Test
    void manifests_are_signed_and_chained() {
        TestCombiner north = federation.combiner("north", 2);
        UUID session = federation.session(Map.of("rounds", 2, "validateEvery", 0));
        north.train(north.order(TaskKind.TRAIN), client -> 1, 5);
        federation.look(session);
        north.train(north.order(TaskKind.TRAIN), client -> 3, 5);
        federation.look(session);
        assertThat(federation.sessionOf(session).state()).isEqualTo(SessionState.FINISHED);

        Manifest first = manifest(federation.round(session, 1).model());
        Manifest second = manifest(federation.round(session, 2).model());
        assertThat(second.previous()).contains(first.hash());
        assertThat(second.parent()).contains(first.model());
        assertThat(second.inputs()).hasSize(2).allMatch(input -> input.examples() == 5);
    }

    private Manifest manifest(UUID model) {
        Object[] row = federation.controller().transaction(() -> (Object[]) federation
                .controller()
                .get(EntityManager.class)
                .createNativeQuery("SELECT manifest, signature FROM model WHERE id = ?1")
                .setParameter(1, model)
                .getSingleResult());
        byte[] bytes = ((String) row[0]).getBytes(StandardCharsets.UTF_8);
        assertThat(isSigned(bytes, Base64.getDecoder().decode((String) row[1]))).isTrue();
        return Manifest.parse(bytes);
    }

    /** As whoever has the installation's public key finds out. */
    private boolean isSigned(byte[] message, byte[] candidate) {
        String key = federation.controller().get(SigningKeys.class).publicKey();
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(key))));
            signature.update(message);
            return signature.verify(candidate);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_session_waits_for_its_minimum_of_clients() {
        UUID session = federation.session(Map.of("minClients", 2));
        assertThat(federation.sessionOf(session).waiting()).isEqualTo("0 of 2 needed clients are attached");
        federation.combiner("north", 2);
        federation.look(session);
        assertThat(federation.sessionOf(session).waiting()).isNull();
        assertThat(federation.round(session, 1).phase()).isEqualTo(RoundPhase.TRAINING);
    }

    @Test
    void one_dead_combiner_does_not_fail_a_round_that_meets_its_minimum() {
        TestCombiner north = federation.combiner("north", 2);
        TestCombiner south = federation.combiner("south", 2);
        UUID session = federation.session(Map.of("rounds", 1, "minClients", 2, "validateEvery", 0));
        Order lost = south.order(TaskKind.TRAIN);
        south.claim(lost);
        north.train(north.order(TaskKind.TRAIN), client -> 1, 1);
        federation.look(session);
        assertThat(federation.round(session, 1).phase()).isEqualTo(RoundPhase.TRAINING);

        federation.clock.advance(Duration.ofSeconds(16));
        north.beat();
        RoundEngine engine = federation.controller().get(RoundEngine.class);
        assertThat(engine.silentCombiners()).containsExactly(south.id());
        engine.lose(south.id());
        federation.look(session);
        assertThat(federation.round(session, 1).phase()).isEqualTo(RoundPhase.COMPLETED);
        assertThat(federation.round(session, 1).tally().accepted()).isEqualTo(2);

        assertThatThrownBy(() -> south.report(lost, south.reportOf(south.clients(), client -> 9, 1)))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("EPOCH_OUTDATED"));
    }

    @Test
    void a_round_that_needs_a_lost_combiner_asks_its_clients_where_they_have_moved() {
        TestCombiner north = federation.combiner("north", 2);
        TestCombiner south = federation.combiner("south", 2);
        UUID session = federation.session(Map.of("rounds", 1, "minClients", 4, "validateEvery", 0));
        north.claim(north.order(TaskKind.TRAIN));
        south.claim(south.order(TaskKind.TRAIN));
        lose(south, north);
        federation.look(session);
        assertThat(federation.round(session, 1).phase()).isEqualTo(RoundPhase.TRAINING);
        assertThat(north.order(TaskKind.TRAIN).select().count()).isEqualTo(2);

        north.welcome(south.clients());
        federation.look(session);
        Order wider = north.order(TaskKind.TRAIN);
        assertThat(wider.select().count()).isEqualTo(4);
        north.train(wider, client -> 1, 1);
        federation.look(session);
        assertThat(federation.sessionOf(session).state()).isEqualTo(SessionState.FINISHED);
        assertThat(federation.rounds(session))
                .singleElement()
                .satisfies(round -> assertThat(round.attempt()).isEqualTo(1));
    }

    @Test
    void a_lost_combiner_that_comes_back_in_time_gets_its_share_again() {
        TestCombiner north = federation.combiner("north", 2);
        UUID session = federation.session(Map.of("rounds", 1, "minClients", 2, "validateEvery", 0));
        List<UUID> claimed = north.claim(north.order(TaskKind.TRAIN));
        federation.clock.advance(Duration.ofSeconds(16));
        federation.controller().get(RoundEngine.class).lose(north.id());
        federation.look(session);
        assertThat(federation.round(session, 1).phase()).isEqualTo(RoundPhase.TRAINING);

        north.restart();
        Order again = north.order(TaskKind.TRAIN);
        assertThat(north.claim(again)).isEqualTo(claimed);
        north.report(again, north.reportOf(claimed, client -> 1, 1));
        federation.look(session);
        assertThat(federation.sessionOf(session).state()).isEqualTo(SessionState.FINISHED);
        assertThat(federation.round(session, 1).attempt()).isEqualTo(1);
    }

    @Test
    void a_round_does_not_hope_for_a_lost_combiner_for_ever() {
        TestCombiner north = federation.combiner("north", 2);
        UUID session = federation.session(Map.of("rounds", 1, "minClients", 2));
        north.claim(north.order(TaskKind.TRAIN));
        federation.clock.advance(Duration.ofSeconds(16));
        federation.controller().get(RoundEngine.class).lose(north.id());
        federation.look(session);
        federation.clock.advance(Duration.ofSeconds(31));
        federation.look(session);
        assertThat(federation.round(session, 1).phase()).isEqualTo(RoundPhase.FAILED);
        assertThat(federation.round(session, 1).reason()).contains("0 of at least 2 updates");
    }

    private void lose(TestCombiner silent, TestCombiner alive) {
        federation.clock.advance(Duration.ofSeconds(16));
        alive.beat();
        federation.controller().get(RoundEngine.class).lose(silent.id());
    }

    @Test
    void clients_of_a_lost_combiner_may_be_claimed_by_another_and_only_then() {
        TestCombiner north = federation.combiner("north", 1);
        TestCombiner south = federation.combiner("south", 1);
        federation.session(Map.of("rounds", 1, "minClients", 2, "validateEvery", 0));
        UUID client = south.clients().get(0);
        south.claim(south.order(TaskKind.TRAIN));
        Order order = north.order(TaskKind.TRAIN);
        Shares shares = federation.controller().get(Shares.class);
        assertThat(shares.claim(north.actor(), order.roundId(), north.claimant(order), List.of(client)))
                .isEmpty();
        ShareReport stolen = north.reportOf(List.of(client), any -> 1, 1);
        assertThatThrownBy(() -> north.report(order, stolen)).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.code()).isEqualTo("CONFLICTING_CLAIMS");
            assertThat(refusal.members()).containsEntry("clients", List.of(client));
        });

        federation.clock.advance(Duration.ofSeconds(16));
        north.beat();
        federation.controller().get(RoundEngine.class).lose(south.id());
        assertThat(shares.claim(north.actor(), order.roundId(), north.claimant(order), List.of(client)))
                .containsExactly(client);
    }

    @Test
    void a_restarted_combiner_gets_its_share_again_and_its_claims_move_with_it() {
        TestCombiner north = federation.combiner("north", 2);
        UUID session = federation.session(Map.of("rounds", 1, "validateEvery", 0));
        Order before = north.order(TaskKind.TRAIN);
        List<UUID> claimed = north.claim(before);
        north.restart();
        Order after = north.order(TaskKind.TRAIN);
        assertThat(after.shareId()).isEqualTo(before.shareId());
        assertThat(after.epoch()).isEqualTo(2);
        assertThat(north.claim(after)).isEqualTo(claimed);
        north.report(after, north.reportOf(claimed, client -> 4, 1));
        federation.look(session);
        assertThat(federation.sessionOf(session).state()).isEqualTo(SessionState.FINISHED);
    }

    @Test
    void a_report_may_be_repeated_but_not_changed() {
        TestCombiner north = federation.combiner("north", 1);
        TestCombiner south = federation.combiner("south", 1);
        UUID session = federation.session(Map.of("rounds", 1, "minClients", 2, "validateEvery", 0));
        Order order = north.order(TaskKind.TRAIN);
        ShareReport report = north.train(order, client -> 1, 3);
        north.report(order, report);
        assertThatThrownBy(() -> north.report(order, north.reportOf(north.clients(), client -> 2, 3)))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("ALREADY_REPORTED"));
        south.train(south.order(TaskKind.TRAIN), client -> 1, 3);
        federation.look(session);
        assertThat(federation.round(session, 1).updates()).hasSize(2);
    }

    @Test
    void a_report_counts_although_news_of_its_updates_is_being_booked_at_that_moment() {
        TestCombiner north = federation.combiner("north", 3);
        UUID session = federation.session(Map.of("rounds", 1, "validateEvery", 0));
        Order order = north.order(TaskKind.TRAIN);
        ShareReport report = north.reportOf(north.claim(order), client -> 1, 1);
        Shares shares = federation.controller().get(Shares.class);
        EntityManager entities = federation.controller().get(EntityManager.class);
        List<UpdateNotice> news = report.inputs().stream()
                .map(input -> new UpdateNotice(
                        input.clientId(), input.digest(), 1L, 1L, Fate.ACCEPTED, null, null, null, null, null))
                .toList();
        CompletableFuture<Void> reporting = federation.controller().transaction(() -> {
            shares.note(north.actor(), order.roundId(), north.claimant(order), news);
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> north.report(order, report));
            while (!other.isDone() && waiting(entities) == 0) {
                Thread.onSpinWait();
            }
            return other;
        });
        reporting.join();
        federation.look(session);
        assertThat(federation.round(session, 1).updates())
                .hasSize(3)
                .allMatch(update -> update.fate() == UpdateState.ACCEPTED && update.size() > 1);
    }

    private static long waiting(EntityManager entities) {
        return ((Number) entities.createNativeQuery("SELECT count(*) FROM pg_locks WHERE NOT granted")
                        .getSingleResult())
                .longValue();
    }

    @Test
    void a_report_that_contradicts_itself_is_refused_whole() {
        TestCombiner north = federation.combiner("north", 1);
        federation.session(Map.of("rounds", 1));
        Order order = north.order(TaskKind.TRAIN);
        ShareReport sound = north.reportOf(north.claim(order), client -> 1, 3);
        ShareReport wrong = new ShareReport(
                sound.epoch(), sound.kind(), sound.tally(), 4, sound.partial(), sound.inputs(), null, null);
        assertThatThrownBy(() -> north.report(order, wrong))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("BAD_REPORT"));
        assertThat(federation.rounds(order.sessionId()).get(0).shares().get(0).phase())
                .isEqualTo(SharePhase.RUNNING);
    }

    @Test
    void a_failed_round_is_tried_again_from_the_same_model_and_then_fails_the_session() {
        TestCombiner north = federation.combiner("north", 2);
        UUID session = federation.session(Map.of("rounds", 1, "minClients", 2, "retries", 1));
        UUID base = federation.round(session, 1).baseModel();
        for (int attempt = 1; attempt <= 2; attempt++) {
            Order order = north.order(TaskKind.TRAIN);
            List<UUID> claimed = north.claim(order);
            federation
                    .controller()
                    .get(Shares.class)
                    .note(
                            north.actor(),
                            order.roundId(),
                            north.claimant(order),
                            claimed.stream()
                                    .map(client -> new UpdateNotice(
                                            client,
                                            null,
                                            0,
                                            0,
                                            Fate.FAILED,
                                            "ENTRY_POINT_FAILED",
                                            "exit code 1",
                                            "boom",
                                            null,
                                            null))
                                    .toList());
            north.report(
                    order,
                    new ShareReport(
                            1, TaskKind.TRAIN, new Tally(0, 0, 0, 2, 2), 0, null, null, null, "nobody delivered"));
            federation.look(session);
            federation.clock.advance(Duration.ofSeconds(1));
            federation.look(session);
        }
        assertThat(federation.rounds(session))
                .extracting(RoundView::attempt, RoundView::phase, RoundView::baseModel)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(2, RoundPhase.FAILED, base),
                        org.assertj.core.groups.Tuple.tuple(1, RoundPhase.FAILED, base));
        assertThat(federation.sessionOf(session).state()).isEqualTo(SessionState.FAILED);
        assertThat(federation.sessionOf(session).reason()).contains("0 of at least 2");
    }

    @Test
    void a_session_that_has_failed_gets_all_attempts_of_its_plan_again_when_it_goes_on() {
        TestCombiner north = federation.combiner("north", 2);
        UUID session = federation.session(Map.of("rounds", 1, "minClients", 2, "retries", 2));
        for (int life = 1; life <= 2; life++) {
            for (int attempt = 1; attempt <= 3; attempt++) {
                assertThat(federation.sessionOf(session).state()).isEqualTo(SessionState.RUNNING);
                north.report(
                        north.order(TaskKind.TRAIN),
                        new ShareReport(
                                1, TaskKind.TRAIN, new Tally(0, 0, 0, 2, 2), 0, null, null, null, "nobody delivered"));
                federation.look(session);
                federation.clock.advance(Duration.ofSeconds(2));
                north.beat();
                federation.look(session);
            }
            assertThat(federation.sessionOf(session).state()).isEqualTo(SessionState.FAILED);
            assertThat(federation.sessionOf(session).reason()).startsWith("round 1 failed 3 times");
            federation.sessions().extend(federation.operator, session, 1, null);
            federation.look(session);
        }
        north.train(north.order(TaskKind.TRAIN), client -> 3, 1);
        federation.look(session);
        assertThat(federation.round(session, 1).attempt()).isEqualTo(7);
    }

    @Test
    void the_deadline_closes_a_round_with_what_is_there() {
        TestCombiner north = federation.combiner("north", 1);
        TestCombiner south = federation.combiner("south", 1);
        UUID session = federation.session(Map.of("rounds", 1, "deadlineSeconds", 60, "validateEvery", 0));
        Order late = south.order(TaskKind.TRAIN);
        south.claim(late);
        north.train(north.order(TaskKind.TRAIN), client -> 1, 1);
        federation.pass(71, north, south);
        federation.look(session);
        assertThat(federation.round(session, 1).phase()).isEqualTo(RoundPhase.COMPLETED);
        assertThatThrownBy(() -> south.report(late, south.reportOf(south.clients(), client -> 9, 1)))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("SHARE_CLOSED"));
    }

    @Test
    void stopping_now_cancels_the_round_and_its_shares() {
        TestCombiner north = federation.combiner("north", 1);
        UUID session = federation.session(Map.of("rounds", 3));
        federation.sessions().stopNow(federation.operator, session);
        federation.look(session);
        assertThat(federation.round(session, 1).phase()).isEqualTo(RoundPhase.CANCELLED);
        assertThat(north.orders()).isEmpty();
    }

    @Test
    void a_paused_session_lets_its_round_end_and_goes_on_when_resumed() {
        TestCombiner north = federation.combiner("north", 1);
        UUID session = federation.session(Map.of("rounds", 2, "validateEvery", 0));
        federation.sessions().pause(federation.operator, session);
        north.train(north.order(TaskKind.TRAIN), client -> 1, 1);
        federation.look(session);
        assertThat(federation.rounds(session)).hasSize(1);
        assertThat(federation.sessionOf(session).roundsCompleted()).isEqualTo(1);
        federation.sessions().resume(federation.operator, session);
        federation.look(session);
        assertThat(federation.rounds(session)).hasSize(2);
        federation.sessions().stopAfterRound(federation.operator, session);
        north.train(north.order(TaskKind.TRAIN), client -> 1, 1);
        federation.look(session);
        assertThat(federation.sessionOf(session).state()).isEqualTo(SessionState.FINISHED);
    }

    @Test
    void a_stop_rule_ends_the_session_early_and_the_best_model_is_kept() {
        TestCombiner north = federation.combiner("north", 1);
        UUID session = federation.session(Map.of(
                "rounds",
                9,
                "stop",
                Map.of("metric", "accuracy", "patience", 2),
                "best",
                Map.of("metric", "accuracy")));
        for (double accuracy : new double[] {0.5, 0.8, 0.7, 0.6}) {
            north.train(north.order(TaskKind.TRAIN), client -> accuracy, 1);
            federation.look(session);
            north.validate(north.order(TaskKind.VALIDATE), accuracy);
            federation.look(session);
        }
        assertThat(federation.sessionOf(session).state()).isEqualTo(SessionState.FINISHED);
        assertThat(federation.sessionOf(session).roundsCompleted()).isEqualTo(4);
        assertThat(federation.sessionOf(session).bestModel())
                .isEqualTo(federation.round(session, 2).model());
    }

    @Test
    void a_server_optimizer_remembers_over_rounds_and_restarts() {
        TestCombiner north = federation.combiner("north", 2);
        UUID session =
                federation.session(Map.of("rounds", 2, "validateEvery", 0, "optimizer", "fedavgm:lr=1,momentum=0.5"));
        north.train(north.order(TaskKind.TRAIN), client -> 1, 1);
        federation.look(session);
        assertThat(federation.value(federation.round(session, 1).model())).isCloseTo(1, within(1e-6));
        north.train(north.order(TaskKind.TRAIN), client -> 1, 1);
        federation.controller("after the restart").get(Reducing.class).look(session);
        assertThat(federation.value(federation.round(session, 2).model())).isCloseTo(1.5, within(1e-6));
    }

    @Test
    void the_only_partial_of_a_private_session_gets_its_noise_at_the_root() {
        TestCombiner north = federation.combiner("north", 2);
        UUID session =
                federation.session(Map.of("rounds", 1, "validateEvery", 0, "aggregator", "dp-mean:clip=10,noise=0.5"));
        north.train(north.order(TaskKind.TRAIN), client -> 1, 50);
        federation.look(session);
        RoundView round = federation.round(session, 1);
        assertThat(round.updates()).hasSize(2).allMatch(update -> update.weight() == 1 && update.examples() == 50);
        Privacy privacy = federation.sessionOf(session).privacy();
        assertThat(privacy.epsilon())
                .isEqualTo(new PrivacyAccountant(1, 0.5).epsilon(1, 1e-5))
                .isEqualTo(privacy.epsilonPlanned())
                .isGreaterThan(1);
        assertThat(privacy.adjacency()).isEqualTo("ZERO_OUT");
        double value = federation.value(round.model());
        assertThat(value).isNotCloseTo(1, within(1e-6));
        assertThat(value).isBetween(1 - 6 * 2.5, 1 + 6 * 2.5); // noise of 0.5 · 10 / 2 clients
    }

    @Test
    void a_rule_that_refuses_partials_sees_every_update_of_every_combiner() {
        TestCombiner north = federation.combiner("north", 2);
        TestCombiner south = federation.combiner("south", 2);
        UUID session = federation.session(
                Map.of("rounds", 1, "validateEvery", 0, "minClients", 4, "aggregator", "multi-krum:0,2"));
        UUID hostile = south.clients().get(1);
        for (TestCombiner combiner : List.of(north, south)) {
            combiner.train(combiner.order(TaskKind.TRAIN), client -> client.equals(hostile) ? 1000 : 3, 7);
        }
        federation.look(session);
        assertThat(federation.value(federation.round(session, 1).model())).isCloseTo(3, within(1e-6));
    }

    @Test
    void an_update_that_claims_more_examples_than_its_alliance_takes_is_not_recorded() {
        TestCombiner north = federation.combiner("north", 3);
        UUID session = federation.session(Map.of("rounds", 1, "validateEvery", 0, "minClients", 2));
        assertThat(north.order(TaskKind.TRAIN).maxExamples()).isEqualTo(10_000_000);
        federation
                .controller()
                .get(Policies.class)
                .set(federation.operator, federation.alliance, Policies.policy(1, 100, Role.MEMBER));
        Order order = north.order(TaskKind.TRAIN);
        assertThat(order.maxExamples()).isEqualTo(100);
        List<UUID> claimed = north.claim(order);
        assertThatThrownBy(() -> north.report(order, north.reportOf(claimed, client -> 1, 101)))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo("TOO_MANY_EXAMPLES");
                    assertThat(refusal.members()).containsEntry("clients", claimed);
                });
        north.report(order, north.reportOf(claimed, client -> 1, 100));
        federation.look(session);

        assertThat(federation.round(session, 1).updates())
                .hasSize(3)
                .allSatisfy(update -> assertThat(update.share()).isCloseTo(1 / 3.0, within(1e-12)));
    }

    @Test
    void partials_that_are_sums_are_divided_and_rounded_once_at_the_root() throws IOException {
        TestCombiner north = federation.combiner("north", 2);
        UUID session = federation.session(Map.of("rounds", 1, "validateEvery", 0, "minClients", 2));
        Order order = north.order(TaskKind.TRAIN);
        List<UUID> claimed = north.claim(order);
        UUID first = claimed.get(0);
        ShareReport models = north.reportOf(claimed, client -> client.equals(first) ? 1 : 2, 3);
        List<Contribution> updates = new ArrayList<>();
        for (Input input : models.inputs()) {
            ModelFile update = ModelFile.open(federation.blobs.file(new Digest(input.digest())));
            updates.add(new Contribution(input.clientId().toString(), update, input.weight()));
        }
        Path partial = data.resolve("partial");
        FoldResult made = Fold.with(new Mean()).toPartial().run(updates, partial);
        for (Contribution update : updates) {
            update.model().close();
        }
        federation.blobs.adopt(partial);
        north.report(
                order,
                new ShareReport(
                        models.epoch(),
                        models.kind(),
                        models.tally(),
                        models.examples(),
                        new ShareReport.Partial(made.digest().hex(), made.bytes(), "npz"),
                        models.inputs(),
                        models.timings(),
                        null));
        federation.look(session);

        assertThat(federation.value(federation.round(session, 1).model())).isEqualTo(1.5);
    }

    @Test
    void an_update_that_cannot_be_folded_is_left_out_by_name_and_the_round_goes_on() {
        TestCombiner north = federation.combiner("north", 2);
        TestCombiner south = federation.combiner("south", 2);
        UUID session = federation.session(
                Map.of("rounds", 1, "validateEvery", 0, "minClients", 3, "aggregator", "multi-krum:0"));
        UUID hostile = south.clients().get(1);
        for (TestCombiner combiner : List.of(north, south)) {
            combiner.train(combiner.order(TaskKind.TRAIN), client -> client.equals(hostile) ? 1e39 : 3, 7);
        }
        federation.look(session);

        RoundView round = federation.round(session, 1);
        assertThat(round.phase()).isEqualTo(RoundPhase.COMPLETED);
        assertThat(federation.value(round.model())).isEqualTo(3);
        assertThat(round.examples()).isEqualTo(21);
        assertThat(round.updates())
                .filteredOn(update -> update.fate() == UpdateState.ACCEPTED)
                .hasSize(3);
        assertThat(round.updates())
                .filteredOn(update -> update.client().equals(hostile))
                .singleElement()
                .satisfies(update -> {
                    assertThat(update.fate()).isEqualTo(UpdateState.REJECTED);
                    assertThat(update.reason()).isEqualTo("OUT_OF_SCALE");
                });
        assertThat(manifest(round.model()).inputs())
                .hasSize(3)
                .noneMatch(input -> input.client().equals(hostile.toString()));
    }

    @Test
    void a_round_fails_with_the_names_of_those_without_whom_it_is_below_its_minimum() {
        TestCombiner north = federation.combiner("north", 3);
        UUID session = federation.session(
                Map.of("rounds", 1, "validateEvery", 0, "minClients", 3, "retries", 0, "aggregator", "multi-krum:0"));
        UUID hostile = north.clients().get(1);
        north.train(north.order(TaskKind.TRAIN), client -> client.equals(hostile) ? 1e39 : 3, 7);
        federation.look(session);

        assertThat(federation.round(session, 1).reason())
                .startsWith("2 of at least 3 updates are left: contribution " + hostile)
                .contains("tensor 'w' overflows at index 0");
    }

    @Test
    void an_accepted_update_that_its_combiner_could_not_fold_becomes_a_rejected_one() {
        TestCombiner north = federation.combiner("north", 2);
        UUID session = federation.session(Map.of("rounds", 1, "validateEvery", 0, "minClients", 1));
        Order order = north.order(TaskKind.TRAIN);
        List<UUID> claimed = north.claim(order);
        ShareReport all = north.reportOf(claimed, client -> 3, 7);
        Shares shares = federation.controller().get(Shares.class);
        for (Fate fate : List.of(Fate.ACCEPTED, Fate.REJECTED, Fate.REJECTED)) {
            shares.note(
                    north.actor(),
                    order.roundId(),
                    north.claimant(order),
                    List.of(new UpdateNotice(
                            claimed.get(0),
                            all.inputs().get(0).digest(),
                            1L,
                            7L,
                            fate,
                            fate == Fate.REJECTED ? "OUT_OF_SCALE" : null,
                            null,
                            null,
                            Map.of(),
                            Map.of())));
        }
        north.report(order, north.reportOf(claimed.subList(1, 2), client -> 3, 7));
        federation.look(session);

        assertThat(federation.round(session, 1).updates())
                .filteredOn(update -> update.client().equals(claimed.get(0)))
                .singleElement()
                .satisfies(update -> assertThat(update.reason()).isEqualTo("OUT_OF_SCALE"));
    }

    @Test
    void a_rule_that_adapts_is_carried_from_round_to_round() {
        TestCombiner north = federation.combiner("north", 1);
        String plan = "dp-mean:clip=8,noise=0,quantile=0.5,rate=1";
        UUID session = federation.session(Map.of("rounds", 2, "validateEvery", 0, "aggregator", plan));
        Order first = north.order(TaskKind.TRAIN);
        assertThat(first.aggregator()).isEqualTo(plan);
        north.train(first, client -> 0.1, 1);
        federation.look(session);
        Order second = north.order(TaskKind.TRAIN);
        assertThat(second.aggregator()).startsWith("dp-mean:clip=4.85"); // 8 · exp(−(1 − ½))
        north.train(second, client -> 0.1, 1);
        federation.look(session);
        assertThat(manifest(federation.round(session, 2).model()).aggregator()).isEqualTo(second.aggregator());
    }

    @Test
    void a_buffered_session_asks_everybody_closes_at_its_buffer_and_proves_how_old_updates_were() {
        TestCombiner north = federation.combiner("north", 3);
        UUID session = federation.session(
                Map.of("rounds", 2, "validateEvery", 0, "mode", "BUFFERED", "bufferSize", 2, "maxStaleness", 4));
        Order first = north.order(TaskKind.TRAIN);
        assertThat(first.select().count()).isEqualTo(3);
        assertThat(first.policy().targetUpdates()).isEqualTo(2);
        assertThat(first.maxStaleness()).isEqualTo(4);
        assertThat(north.buffered()).containsExactly(session);
        north.claim(first);
        north.report(first, north.reportOf(north.clients().subList(0, 2), client -> 1, 5));
        federation.look(session);
        Order second = north.order(TaskKind.TRAIN);
        assertThat(second.roundNumber()).isEqualTo(2);
        north.claim(second);
        north.report(second, north.reportOf(north.clients().subList(1, 3), client -> 2, 5, 1));
        federation.look(session);

        assertThat(federation.round(session, 2).updates()).allMatch(update -> update.staleness() == 1);
        Manifest manifest = manifest(federation.round(session, 2).model());
        Manifest parent = manifest(federation.round(session, 1).model());
        assertThat(manifest.inputs())
                .allMatch(input -> input.staleness() == 1 && input.origin().equals(parent.parent()));
        assertThat(north.buffered()).isEmpty();
    }

    @Test
    void a_dead_reducer_loses_its_claim_and_what_it_makes_later_is_not_committed() throws Exception {
        TestCombiner north = federation.combiner("north", 1);
        UUID session = federation.session(Map.of("rounds", 1, "validateEvery", 0));
        north.train(north.order(TaskKind.TRAIN), client -> 2, 1);
        TestController two = federation.controller("two");
        RoundEngine first = federation.controller().get(RoundEngine.class);
        RoundEngine second = two.get(RoundEngine.class);
        Optional<Reduction> claimed = federation.claim(federation.controller(), session);
        assertThat(claimed).isPresent();
        assertThat(second.advance(session)).isEmpty();

        federation.clock.advance(Duration.ofSeconds(16));
        Optional<Reduction> taken = federation.claim(two, session);
        assertThat(taken).isPresent();
        Reduced late = federation.controller().get(Reducer.class).run(claimed.get(), () -> {});
        first.commit(claimed.get(), late);
        assertThat(federation.round(session, 1).phase()).isEqualTo(RoundPhase.REDUCING);
        Reduced same = two.get(Reducer.class).run(taken.get(), () -> {});
        assertThat(same.file()).isEqualTo(late.file());
        second.commit(taken.get(), same);
        assertThat(federation.sessionOf(session).state()).isEqualTo(SessionState.FINISHED);
    }

    @Test
    void two_controllers_that_look_at_once_open_one_round() throws Exception {
        federation.combiner("north", 3);
        TestController two = federation.controller("two");
        for (int i = 0; i < 10; i++) {
            UUID session = federation
                    .sessions()
                    .create(
                            federation.operator,
                            federation.alliance,
                            new io.foedus.controller.sessions.entity.NewSession(null, null, null, null, Map.of(), true))
                    .id();
            Thread other = new Thread(() -> two.get(Reducing.class).look(session));
            other.start();
            federation.look(session);
            other.join();
            federation.look(session);
            assertThat(federation.rounds(session)).hasSize(1);
            assertThat(federation.rounds(session).get(0).shares()).hasSize(1);
        }
    }

    @Test
    void a_controller_that_starts_anew_goes_on_where_the_rows_are() {
        TestCombiner north = federation.combiner("north", 1);
        UUID session = federation.session(Map.of("rounds", 2, "validateEvery", 0));
        north.train(north.order(TaskKind.TRAIN), client -> 1, 1);
        TestController restarted = federation.controller("restarted");
        federation.clock.advance(Duration.ofSeconds(6));
        federation.tick(restarted);
        assertThat(federation.sessionOf(session).roundsCompleted()).isEqualTo(1);
        assertThat(north.order(TaskKind.TRAIN).roundNumber()).isEqualTo(2);
    }

    @Test
    void a_partial_that_is_not_finite_never_becomes_a_model() {
        TestCombiner north = federation.combiner("north", 1);
        UUID session = federation.session(Map.of("rounds", 1, "retries", 0));
        north.train(north.order(TaskKind.TRAIN), client -> Double.NaN, 1);
        federation.look(session);
        assertThat(federation.sessionOf(session).state()).isEqualTo(SessionState.FAILED);
        assertThat(federation.sessionOf(session).model())
                .isEqualTo(federation.sessionOf(session).seedModel());
        assertThat(federation.round(session, 1).updates())
                .hasSize(1)
                .allMatch(update -> update.fate() == UpdateState.LATE && "ROUND_FAILED".equals(update.reason()));
    }

    @Test
    void every_breach_of_a_plan_is_told_at_once() {
        assertThatThrownBy(() -> federation.session(Map.of("rounds", 0, "agregator", "mean", "optimizer", "nadam")))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.detail())
                                .contains(
                                        "rounds must be",
                                        "agregator is not a session parameter",
                                        "no server optimizer"));
    }
}
