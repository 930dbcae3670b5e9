package io.foedus.controller.rounds.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foedus.controller.participation.boundary.UpdateView;
import io.foedus.controller.participation.entity.UpdateState;
import io.foedus.controller.rounds.control.Reduced;
import io.foedus.controller.rounds.control.Reducer;
import io.foedus.controller.rounds.control.Reduction;
import io.foedus.controller.testing.TestController;
import io.foedus.core.exchange.Fate;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.ShareReport;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.exchange.UpdateNotice;
import io.foedus.core.lineage.Input;
import io.foedus.core.lineage.Manifest;
import io.foedus.core.round.RoundPhase;
import jakarta.persistence.EntityManager;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is signed is what was counted. Leases are fifteen seconds here, and a round's time is over after seventy. */
class TruthStoryTest {
    private static final int OVER = 70;
    private static final int LEASE = 15;

    @TempDir
    Path data;

    private TestFederation federation;
    private TestCombiner north;
    private TestCombiner south;

    @BeforeEach
    void open() {
        federation = new TestFederation(data);
        north = federation.combiner("north", 7);
        south = federation.combiner("south", 3);
    }

    @AfterEach
    void close() {
        federation.close();
    }

    private UUID session(String aggregator) {
        Map<String, Object> plan = new HashMap<>(Map.of(
                "rounds", 1, "minClients", 5, "deadlineSeconds", 60, "validateEvery", 0, "aggregator", aggregator));
        return federation.session(plan);
    }

    /** South has taken an update of each of its clients and told so; it has not reported. */
    private void southTakes(double value) {
        Order order = south.order(TaskKind.TRAIN);
        ShareReport taken = south.reportOf(south.claim(order), client -> value, 10);
        shares().note(
                        south.actor(),
                        order.roundId(),
                        south.claimant(order),
                        taken.inputs().stream()
                                .map(input -> new UpdateNotice(
                                        input.clientId(),
                                        input.digest(),
                                        input.size(),
                                        input.examples(),
                                        Fate.ACCEPTED,
                                        null,
                                        null,
                                        null,
                                        null,
                                        null))
                                .toList());
    }

    private Shares shares() {
        return federation.controller().get(Shares.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mean", "median"})
    void a_share_that_never_reports_after_the_controller_was_away_is_neither_counted_nor_named(String aggregator) {
        UUID session = session(aggregator);
        southTakes(9);
        north.train(north.order(TaskKind.TRAIN), client -> 1, 10);
        federation.clock.advance(Duration.ofSeconds(OVER + 1));
        TestController restarted = federation.controller("restarted");
        for (int i = 0; i < 2 * LEASE; i++) {
            federation.pass(1, north, south);
            restarted.get(Reducing.class).look(session);
        }
        assertThatOnlyNorthCounts(session);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mean", "median"})
    void a_share_whose_combiner_fell_silent_while_the_database_was_away_is_neither_counted_nor_named(
            String aggregator) {
        UUID session = session(aggregator);
        southTakes(9);
        north.train(north.order(TaskKind.TRAIN), client -> 1, 10);
        federation.clock.advance(Duration.ofSeconds(OVER + 1));
        for (int i = 0; i < 4 * LEASE; i++) {
            federation.pass(1, north);
            federation.look(session);
        }
        assertThatOnlyNorthCounts(session);
    }

    private void assertThatOnlyNorthCounts(UUID session) {
        RoundView round = federation.round(session, 1);
        assertThat(round.phase()).isEqualTo(RoundPhase.COMPLETED);
        assertThat(round.examples()).isEqualTo(70);
        assertThat(federation.value(round.model())).isCloseTo(1, within(1e-6));
        Manifest manifest = manifest(round.model());
        assertThat(manifest.inputs())
                .extracting(Input::client)
                .containsExactlyInAnyOrderElementsOf(
                        north.clients().stream().map(UUID::toString).toList());
        assertThat(round.updates())
                .filteredOn(update -> update.fate() == UpdateState.ACCEPTED)
                .extracting(UpdateView::client)
                .containsExactlyInAnyOrderElementsOf(north.clients());
        assertThat(round.updates())
                .filteredOn(update -> south.clients().contains(update.client()))
                .hasSize(3)
                .allMatch(update -> update.fate() == UpdateState.LATE);
    }

    private Manifest manifest(UUID model) {
        String text = (String) one("SELECT manifest FROM model WHERE id = ?1", model);
        return Manifest.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private Object one(String sql, UUID id) {
        return federation
                .controller()
                .transaction(() -> federation
                        .controller()
                        .get(EntityManager.class)
                        .createNativeQuery(sql)
                        .setParameter(1, id)
                        .getSingleResult());
    }

    @Test
    void what_a_combiner_took_is_received_until_its_report_decides() {
        UUID session = session("mean");
        southTakes(9);
        assertThat(federation.round(session, 1).updates())
                .hasSize(3)
                .allMatch(update -> update.fate() == UpdateState.RECEIVED && update.reason() == null);
        Order order = south.order(TaskKind.TRAIN);
        south.report(order, south.reportOf(south.clients().subList(0, 2), client -> 9, 10));
        assertThat(federation.round(session, 1).updates())
                .hasSize(3)
                .allMatch(update -> south.clients().indexOf(update.client()) < 2
                        ? update.fate() == UpdateState.ACCEPTED
                        : update.fate() == UpdateState.LATE && update.reason().equals("NOT_FOLDED"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE participation SET state = 'LOST' WHERE client_id = '%s'",
                "UPDATE participation SET combiner_id = (SELECT id FROM combiner WHERE name = 'south') WHERE client_id = '%s'",
                "UPDATE model_update SET examples = examples + 1 WHERE client_id = '%s'",
                "UPDATE model_update SET weight = weight + 1 WHERE client_id = '%s'",
                "UPDATE model_update SET fate = 'LATE' WHERE client_id = '%s'",
                "DELETE FROM model_update WHERE client_id = '%s'",
                "UPDATE share SET partial_digest = repeat('0', 64) WHERE partial_digest IS NOT NULL",
                "UPDATE share SET accepted = accepted - 1 WHERE partial_digest IS NOT NULL",
                "UPDATE round SET examples = examples + 1 WHERE phase = 'REDUCING'"
            })
    void what_the_books_do_not_say_is_not_signed(String tampering) throws Exception {
        UUID session = session("mean");
        north.train(north.order(TaskKind.TRAIN), client -> 1, 10);
        south.train(south.order(TaskKind.TRAIN), client -> 2, 10);
        RoundEngine engine = federation.controller().get(RoundEngine.class);
        Optional<Reduction> reduction = federation.claim(federation.controller(), session);
        Reduced reduced = federation.controller().get(Reducer.class).run(reduction.orElseThrow(), () -> {});
        federation.database.execute(tampering.formatted(north.clients().get(2)));
        engine.commit(reduction.get(), reduced);

        RoundView round = federation.rounds(session).stream()
                .filter(one -> one.attempt() == 1)
                .findFirst()
                .orElseThrow();
        assertThat(round.phase()).isEqualTo(RoundPhase.FAILED);
        assertThat(round.reason()).startsWith("its manifest would not be true and was not signed: ");
        assertThat(one("SELECT count(*) FROM model WHERE session_id = ?1", session))
                .isEqualTo(0L);
        assertThat(one("SELECT count(*) FROM event WHERE kind = 'round.unproven' AND session_id = ?1", session))
                .isEqualTo(1L);
    }

    @Test
    void the_whole_plan_is_signed() {
        Map<String, Object> selection = Map.of("kind", "ALL", "labels", Map.of("site", "a", "scanner", "b"), "seed", 3);
        UUID session = federation.session(Map.of(
                "rounds", 1, "validateEvery", 0, "retries", 1, "stalenessExponent", 0.25, "selection", selection));
        north.train(north.order(TaskKind.TRAIN), client -> 1, 10);
        south.train(south.order(TaskKind.TRAIN), client -> 1, 10);
        federation.look(session);
        Manifest manifest = manifest(federation.round(session, 1).model());
        assertThat(manifest.plan())
                .containsEntry("retries", 1L)
                .containsEntry("targetClients", 0L)
                .containsEntry("stalenessExponent", 0.25);
        assertThat(manifest.plan().get("selection"))
                .isEqualTo(Map.of("kind", "ALL", "labels", Map.of("site", "a", "scanner", "b"), "seed", 3L));
    }

    @Test
    void a_client_that_was_refused_says_so_in_the_ledger_although_its_share_was_reported_before() {
        UUID session = session("mean");
        Order order = south.order(TaskKind.TRAIN);
        List<UUID> claimed = south.claim(order);
        south.report(order, south.reportOf(claimed.subList(0, 2), client -> 9, 10));
        UUID refused = claimed.get(2);
        assertThat(ledger(refused)).containsExactly("LOST", "NOT_REPORTED");
        shares().note(
                        south.actor(),
                        order.roundId(),
                        south.claimant(order),
                        List.of(new UpdateNotice(
                                refused, "a".repeat(64), 1L, 1L, Fate.REJECTED, "NOT_FINITE", null, null, null, null)));
        assertThat(ledger(refused)).containsExactly("FAILED", "NOT_FINITE");
        assertThat(federation.round(session, 1).participants())
                .filteredOn(one -> one.client().equals(refused))
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.state().name()).isEqualTo("FAILED");
                    assertThat(one.reason()).isEqualTo("NOT_FINITE");
                    assertThat(one.combinerName()).isEqualTo("south");
                });
    }

    private Object[] ledger(UUID client) {
        return (Object[])
                one("SELECT state, reason FROM participation WHERE kind = 'TRAIN' AND client_id = ?1", client);
    }
}
