package io.foedus.controller.rounds.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.controller.rounds.control.Steadiness;
import io.foedus.controller.testing.TestController;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.round.RoundPhase;
import io.foedus.core.round.Tally;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Combiners are heard before time ends their round. Leases are fifteen seconds here, heartbeats come every five at the
 * latest, and a round's time is over after seventy.
 */
class GraceStoryTest {
    private static final int OVER = 70;
    private static final int LEASE = 15;

    @TempDir
    Path data;

    private TestFederation federation;
    private TestCombiner north;
    private UUID session;
    private Order order;
    private List<UUID> claimed;

    @BeforeEach
    void open() {
        federation = new TestFederation(data);
        north = federation.combiner("north", 6);
        session = federation.session(
                Map.of("rounds", 1, "minClients", 6, "deadlineSeconds", 60, "validateEvery", 0, "retries", 0));
        order = north.order(TaskKind.TRAIN);
        claimed = north.claim(order);
        north.tell(order, new Tally(6, 0, 0, 0, 6));
    }

    @AfterEach
    void close() {
        federation.close();
    }

    private void reports() {
        north.report(order, north.reportOf(claimed, client -> 1, 1));
    }

    private void assertThatItIs(RoundPhase phase) {
        assertThat(federation.round(session, 1).phase()).isEqualTo(phase);
        assertThat(federation.round(session, 1).attempt()).isEqualTo(1);
    }

    @Test
    void a_controller_that_starts_after_the_deadline_hears_its_combiners_first() {
        federation.clock.advance(Duration.ofSeconds(10 * OVER));
        TestController restarted = federation.controller("restarted");
        federation.tick(restarted);
        assertThatItIs(RoundPhase.TRAINING);
        federation.pass(LEASE - 1, north);
        federation.tick(restarted);
        assertThatItIs(RoundPhase.TRAINING);
        reports();
        restarted.get(Reducing.class).look(session);
        assertThatItIs(RoundPhase.COMPLETED);
    }

    @Test
    void after_a_lease_it_judges_and_says_who_had_taken_what_and_did_not_report() {
        TestCombiner south = federation.combiner("south", 1);
        federation.clock.advance(Duration.ofSeconds(10 * OVER));
        Reducing restarted = federation.controller("restarted").get(Reducing.class);
        restarted.look(session);
        federation.pass(LEASE + 1, north, south);
        restarted.look(session);
        assertThatItIs(RoundPhase.FAILED);
        assertThat(federation.round(session, 1).reason())
                .isEqualTo("0 of at least 6 updates were accepted (0 rejected, 0 lost): north had taken 6 and did not"
                        + " report in time");
    }

    @Test
    void the_return_of_the_database_is_such_a_start() {
        Steadiness steadiness = federation.controller().get(Steadiness.class);
        federation.pass(OVER - 5, north);
        for (int i = 0; i < 8; i++) {
            federation.clock.advance(Duration.ofSeconds(1));
            steadiness.stumbled();
        }
        federation.pass(1, north);
        federation.look(session);
        assertThatItIs(RoundPhase.TRAINING);
        reports();
        federation.look(session);
        assertThatItIs(RoundPhase.COMPLETED);
    }

    @Test
    void a_process_that_stood_still_takes_no_news_for_silence_before_its_first_tick() {
        federation.pass(OVER - 20, north);
        federation.clock.advance(Duration.ofSeconds(25));
        north.beat();
        federation.look(session);
        assertThatItIs(RoundPhase.TRAINING);
    }

    @Test
    void a_second_controller_that_was_up_all_the_time_waits_for_the_combiners_of_the_first() {
        Reducing second = federation.controller("second").get(Reducing.class);
        federation.pass(OVER - 10, north);
        federation.pass(12);
        second.look(session);
        assertThatItIs(RoundPhase.TRAINING); // silent, and not lost yet
        federation.pass(LEASE - 1, north);
        second.look(session);
        assertThatItIs(RoundPhase.TRAINING); // heard again, and its report may be on its way
        reports();
        second.look(session);
        assertThatItIs(RoundPhase.COMPLETED);
    }

    @Test
    void a_combiner_that_comes_and_goes_does_not_hold_a_round_for_ever() {
        federation.pass(OVER - 1, north);
        int seconds = 0;
        while (federation.round(session, 1).phase() == RoundPhase.TRAINING && seconds < 100) {
            federation.pass(11);
            north.beat();
            seconds += 11;
            federation.look(session);
        }
        assertThatItIs(RoundPhase.FAILED);
        assertThat(seconds).isBetween(3 * LEASE, 4 * LEASE);
    }

    @Test
    void the_deadline_of_a_steady_federation_is_kept_to_the_second() {
        federation.pass(OVER - 1, north);
        federation.look(session);
        assertThatItIs(RoundPhase.TRAINING);
        federation.pass(1, north);
        federation.look(session);
        assertThatItIs(RoundPhase.FAILED);
    }
}
