package io.foedus.combiner.collection.entity;

import static io.foedus.combiner.collection.entity.SimulatedShell.GRACE;
import static io.foedus.combiner.collection.entity.SimulatedShell.LEASE;
import static io.foedus.combiner.collection.entity.SimulatedShell.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.core.exchange.CombinerEvent;
import io.foedus.core.exchange.Fate;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.ShareAnswer;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.exchange.UpdateNotice;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a share decides, told as stories; the clock stands still unless it is turned. */
class ShareStateTest {
    private static final UUID ANNA = new UUID(0, 1);
    private static final UUID BERT = new UUID(0, 2);
    private static final String ONE = "1".repeat(64);
    private static final String TWO = "2".repeat(64);

    private static SimulatedShell training(int least, int target) {
        return new SimulatedShell(SimulatedShell.order(TaskKind.TRAIN, least, target, false));
    }

    private static SimulatedShell buffered(int least, int target) {
        return new SimulatedShell(SimulatedShell.order(TaskKind.TRAIN, least, target, true));
    }

    private static Effect.Report report(SimulatedShell shell) {
        return Objects.requireNonNull(shell.reporting, "nothing is reported");
    }

    private static void answer(SimulatedShell shell, ShareAnswer answer) {
        shell.reporting = null;
        shell.happen(new Event.Answered(answer));
    }

    private static List<String> said(SimulatedShell shell) {
        return shell.all(Effect.Notify.class).stream()
                .map(Effect.Notify::notice)
                .map(notice -> notice.fate() + " " + notice.reason())
                .toList();
    }

    // ---- beginning

    @Test
    void a_task_is_handed_out_once_the_base_is_here_and_the_client_is_claimed() {
        SimulatedShell shell = training(1, 1).attach(ANNA).open();
        assertThat(shell.claims).containsExactly(List.of(ANNA));
        shell.grant();
        assertThat(shell.all(Effect.Offer.class)).isEmpty();
        shell.base();
        assertThat(shell.all(Effect.Offer.class))
                .singleElement()
                .satisfies(offer -> assertThat(offer.remaining()).isEqualTo(LONG));
        assertThat(shell.journal).extracting(Fact::kind).containsExactly(Fact.Kind.ASKED);
    }

    @Test
    void a_client_that_another_combiner_claimed_is_not_asked() {
        SimulatedShell shell = training(1, 0);
        shell.attach(ANNA).attach(BERT).open().grant(ANNA).base();
        assertThat(shell.state.tally().expected()).isEqualTo(1);
        assertThat(shell.all(Effect.Offer.class))
                .extracting(Effect.Offer::client)
                .containsExactly(BERT);
    }

    @Test
    void right_after_a_start_it_waits_for_agents_that_may_be_on_their_way() {
        SimulatedShell shell = new SimulatedShell(SimulatedShell.order(TaskKind.TRAIN, 2, 2, false), false);
        shell.attach(ANNA).open().pass(Limits.SETTLING.minusMillis(1));
        assertThat(shell.claims).isEmpty();
        shell.pass(Duration.ofMillis(1));
        assertThat(shell.claims).containsExactly(List.of(ANNA));
    }

    @Test
    void right_after_a_start_it_does_not_give_up_while_agents_may_be_on_their_way() {
        SimulatedShell shell = new SimulatedShell(SimulatedShell.order(TaskKind.TRAIN, 1, 1, false), false);
        shell.begin(ANNA);
        shell.happen(new Event.GivenUp(ANNA, new TaskTrouble(shell.task(ANNA), "X", "", "", Map.of())));
        assertThat(shell.reporting).isNull();
        shell.pass(Limits.SETTLING);
        assertThat(report(shell).reason()).isEqualTo("fewer than 1 updates can still come");
    }

    @Test
    void a_claim_that_fails_is_made_again_and_nothing_is_reported_meanwhile() {
        SimulatedShell shell = training(1, 1).attach(ANNA).open();
        List<UUID> asked = shell.claims.remove(0);
        shell.happen(new Event.NotGranted(asked));
        assertThat(shell.claims).isEmpty();
        shell.pass(Duration.ofSeconds(1));
        assertThat(shell.claims).containsExactly(asked);
    }

    @Test
    void the_newest_stream_gets_the_task_again_unless_its_client_holds_it() {
        SimulatedShell shell = training(1, 1).begin(ANNA);
        shell.look();
        assertThat(shell.all(Effect.Offer.class)).hasSize(1);
        shell.attach(ANNA);
        assertThat(shell.all(Effect.Offer.class)).hasSize(2);
        assertThat(shell.all(Effect.Offer.class)).extracting(Effect.Offer::task).containsOnly(shell.task(ANNA));
        shell.attach(ANNA, shell.task(ANNA));
        assertThat(shell.all(Effect.Offer.class)).hasSize(2);
    }

    @Test
    void nobody_comes_and_the_share_ends_at_its_deadline_with_a_reason() {
        SimulatedShell shell = training(1, 0).open().base();
        shell.pass(LONG.minusMillis(1));
        assertThat(shell.reporting).isNull();
        shell.pass(Duration.ofMillis(1));
        assertThat(report(shell).reason()).isEqualTo("no client was attached");
    }

    // ---- results

    @Test
    void an_update_counts_when_its_line_is_on_the_disk_and_not_before() {
        SimulatedShell shell = training(2, 2).begin(ANNA, BERT);
        long reply = shell.deliver(ANNA, ONE, 5);
        shell.examined(ANNA);
        assertThat(shell.receipts).isEmpty();
        assertThat(shell.state.tally().accepted()).isZero();
        shell.soon();
        assertThat(shell.receipt(reply)).isEqualTo(Receipt.ACCEPTED);
        assertThat(shell.journalled()).containsExactly(Map.entry(ANNA, ONE));
    }

    @Test
    void updates_that_pass_at_the_same_time_share_one_force_to_the_disk() {
        SimulatedShell shell = training(2, 2).begin(ANNA, BERT);
        shell.deliver(ANNA, ONE, 1);
        shell.deliver(BERT, TWO, 1);
        shell.examined(ANNA).examined(BERT).soon();
        assertThat(shell.all(Effect.Commit.class))
                .singleElement()
                .satisfies(commit -> assertThat(commit.facts()).hasSize(2));
        assertThat(report(shell).accepted()).extracting(Fact::client).containsExactly(ANNA, BERT);
    }

    @Test
    void the_same_update_twice_is_answered_twice_and_counted_once_and_another_one_is_a_duplicate() {
        SimulatedShell shell = training(2, 2).begin(ANNA, BERT);
        long first = shell.deliver(ANNA, ONE, 5);
        long meanwhile = shell.deliver(ANNA, ONE, 5);
        long other = shell.deliver(ANNA, TWO, 5);
        shell.uploads.put(ANNA, ONE);
        shell.examined(ANNA).soon();
        long after = shell.deliver(ANNA, ONE, 5);
        assertThat(List.of(shell.receipt(first), shell.receipt(meanwhile), shell.receipt(after)))
                .containsOnly(Receipt.ACCEPTED);
        assertThat(shell.receipt(other).fate()).isEqualTo(Fate.DUPLICATE);
        assertThat(shell.state.tally().accepted()).isEqualTo(1);
        assertThat(said(shell)).containsExactly("DUPLICATE DUPLICATE", "ACCEPTED null");
    }

    @Test
    void an_update_that_is_announced_before_it_is_here_is_to_be_sent_first() {
        SimulatedShell shell = training(1, 1).begin(ANNA);
        shell.waiting.add(99L);
        shell.happen(new Event.Delivered(99, ANNA, shell.outcome(ANNA, shell.task(ANNA), ONE, 1), false));
        assertThat(shell.receipt(99).reason()).startsWith("NOT_UPLOADED");
        assertThat(shell.counts(ANNA, ONE)).isEqualTo(Receipt.ACCEPTED);
    }

    @Test
    void a_late_update_is_told_so_and_never_counted() {
        SimulatedShell shell = training(1, 1).begin(ANNA, BERT);
        shell.counts(BERT, ONE);
        assertThat(shell.all(Effect.Cancel.class))
                .extracting(Effect.Cancel::client)
                .containsExactly(ANNA);
        long late = shell.deliver(ANNA, TWO, 1);
        assertThat(shell.receipt(late)).isEqualTo(new Receipt(Fate.LATE, "the round has closed"));
        assertThat(report(shell).tally().lost()).isEqualTo(1);
        assertThat(shell.state.tally().discarded()).isEqualTo(1);
        assertThat(shell.journalled()).containsOnlyKeys(BERT);
    }

    @Test
    void an_update_whose_check_ends_after_the_round_is_late() {
        SimulatedShell shell = training(1, 1).begin(ANNA, BERT);
        long late = shell.deliver(ANNA, TWO, 1);
        shell.counts(BERT, ONE);
        shell.examined(ANNA).soon();
        assertThat(shell.receipt(late).reason()).isEqualTo("the round closed while the update was being checked");
        assertThat(shell.journalled()).containsOnlyKeys(BERT);
    }

    @Test
    void a_result_that_breaks_a_rule_is_rejected_for_good_and_its_sender_hears_the_same_again() {
        SimulatedShell shell = training(1, 0).begin(ANNA, BERT);
        long reply = shell.deliver(ANNA, ONE, 1);
        shell.refused(ANNA);
        long again = shell.deliver(ANNA, ONE, 1);
        assertThat(shell.receipt(reply)).isEqualTo(new Receipt(Fate.REJECTED, "LAYOUT: another shape"));
        assertThat(shell.receipt(again)).isEqualTo(shell.receipt(reply));
        assertThat(shell.receipt(shell.deliver(BERT, TWO, 1_001)).reason())
                .isEqualTo("TOO_MANY_EXAMPLES: 1001 examples; this alliance takes at most 1000 of one");
        assertThat(shell.state.tally().rejected()).isEqualTo(2);
        assertThat(shell.examining).isEmpty();
    }

    @Test
    void an_update_that_cannot_be_read_is_not_its_clients_fault_and_is_not_known_any_more() {
        SimulatedShell shell = training(1, 1).begin(ANNA);
        long reply = shell.deliver(ANNA, ONE, 1);
        shell.happen(new Event.Unreadable(ANNA));
        assertThat(shell.receipt(reply).reason()).startsWith("NOT_UPLOADED");
        assertThat(shell.state.participant(ANNA).orElseThrow().digest()).isNull();
        assertThat(shell.counts(ANNA, ONE)).isEqualTo(Receipt.ACCEPTED);
    }

    @Test
    void a_client_that_fails_says_why_and_is_not_waited_for() {
        SimulatedShell shell = training(1, 0).begin(ANNA, BERT);
        shell.happen(new Event.GivenUp(
                ANNA, new TaskTrouble(shell.task(ANNA), "ENTRY_POINT_FAILED", "exit 1", "log", Map.of())));
        shell.counts(BERT, ONE);
        assertThat(report(shell).tally().accepted()).isEqualTo(1);
        assertThat(said(shell)).contains("FAILED ENTRY_POINT_FAILED");
    }

    @Test
    void below_its_part_of_the_minimum_it_still_waits_for_those_at_work() {
        SimulatedShell shell = training(2, 0).begin(ANNA, BERT);
        shell.happen(new Event.GivenUp(ANNA, new TaskTrouble(shell.task(ANNA), "X", "", "", Map.of())));
        assertThat(shell.reporting).isNull();
        shell.counts(BERT, ONE);
        assertThat(report(shell).reason()).isEqualTo("fewer than 2 updates can still come");
    }

    // ---- the disk

    @Test
    void a_deadline_does_not_overtake_an_update_that_only_has_to_become_durable() {
        SimulatedShell shell = training(1, 0).begin(ANNA, BERT);
        long reply = shell.deliver(ANNA, ONE, 1);
        shell.examined(ANNA).pass(LONG);
        assertThat(shell.receipt(reply)).isEqualTo(Receipt.ACCEPTED);
        assertThat(report(shell).accepted()).extracting(Fact::client).containsExactly(ANNA);
        assertThat(shell.journal).extracting(Fact::kind).containsOnlyOnce(Fact.Kind.CLOSED);
    }

    @Test
    void a_disk_that_is_full_for_a_while_keeps_the_update_waiting() {
        SimulatedShell shell = training(1, 1).begin(ANNA);
        shell.diskFull = true;
        long reply = shell.deliver(ANNA, ONE, 1);
        shell.examined(ANNA).soon().pass(Duration.ofSeconds(1));
        assertThat(shell.receipts).isEmpty();
        shell.diskFull = false;
        shell.pass(Duration.ofSeconds(1));
        assertThat(shell.receipt(reply)).isEqualTo(Receipt.ACCEPTED);
    }

    @Test
    void an_update_that_the_disk_refused_until_its_round_was_over_is_late_and_stays_so() {
        SimulatedShell shell = training(1, 0).begin(ANNA, BERT);
        shell.diskFull = true;
        long reply = shell.deliver(ANNA, ONE, 1);
        shell.examined(ANNA).soon().pass(LONG);
        assertThat(shell.receipt(reply).fate()).isEqualTo(Fate.LATE);
        shell.diskFull = false;
        shell.pass(Duration.ofSeconds(2));
        assertThat(shell.journalled()).isEmpty();
        assertThat(report(shell).accepted()).isEmpty();
    }

    @Test
    void an_update_counts_even_if_the_line_that_asked_for_it_was_lost() {
        SimulatedShell shell = training(1, 2);
        shell.diskFull = true;
        shell.begin(ANNA, BERT);
        shell.diskFull = false;
        shell.counts(ANNA, ONE);
        shell.restart();
        assertThat(shell.state.accepted()).extracting(Fact::client).containsExactly(ANNA);
    }

    // ---- those who go away

    @Test
    void a_client_that_dies_lowers_the_expectation_after_the_grace() {
        SimulatedShell shell = training(1, 0).begin(ANNA, BERT);
        shell.counts(BERT, ONE);
        shell.detach(ANNA, false).pass(GRACE);
        assertThat(shell.reporting).isNull();
        shell.pass(Duration.ofMillis(1));
        assertThat(report(shell).tally().lost()).isEqualTo(1);
        assertThat(said(shell)).containsExactly("ACCEPTED null", "LOST LOST");
        assertThat(shell.all(Effect.Announce.class))
                .extracting(Effect.Announce::event)
                .extracting(CombinerEvent::kind, CombinerEvent::message)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("CLIENT_LOST", "client lost: its stream broke"));
    }

    @Test
    void a_client_that_leaves_is_lost_at_once() {
        SimulatedShell shell = training(1, 0).begin(ANNA, BERT);
        shell.counts(BERT, ONE);
        shell.detach(ANNA, true);
        assertThat(report(shell).tally().lost()).isEqualTo(1);
    }

    @Test
    void a_client_that_comes_back_in_time_gets_its_task_again_and_counts() {
        SimulatedShell shell = training(1, 1).begin(ANNA);
        UUID task = shell.task(ANNA);
        shell.detach(ANNA, false).pass(GRACE.plusMillis(1));
        assertThat(shell.state.tally().lost()).isEqualTo(1);
        shell.attach(ANNA).grant();
        assertThat(shell.all(Effect.Offer.class)).extracting(Effect.Offer::task).containsExactly(task, task);
        assertThat(shell.counts(ANNA, ONE)).isEqualTo(Receipt.ACCEPTED);
        assertThat(report(shell).accepted()).hasSize(1);
    }

    @Test
    void a_client_that_comes_back_but_was_claimed_elsewhere_meanwhile_is_left_to_the_other() {
        SimulatedShell shell = training(1, 0).begin(ANNA, BERT);
        shell.detach(ANNA, false).pass(GRACE.plusMillis(1));
        shell.attach(ANNA).grant(ANNA);
        assertThat(shell.state.asked(ANNA).orElseThrow().standing()).isEqualTo(Standing.FAILED);
        assertThat(shell.all(Effect.Offer.class)).hasSize(2);
    }

    @Test
    void a_client_that_is_left_to_another_combiner_gets_an_answer_for_what_it_brought() {
        SimulatedShell shell = training(2, 2).begin(ANNA, BERT);
        long reply = shell.deliver(ANNA, ONE, 1);
        shell.examined(ANNA).happen(new Event.OrderChanged(epoch(shell.order, 2)));
        shell.grant(ANNA).soon();
        assertThat(shell.receipt(reply).fate()).isEqualTo(Fate.LATE);
        assertThat(shell.journalled()).isEmpty();
    }

    @Test
    void a_silent_client_is_lost_after_its_lease_and_one_that_tells_of_its_work_is_not() {
        SimulatedShell shell = training(1, 0).begin(ANNA, BERT);
        for (int i = 0; i < 3; i++) {
            shell.heard.put(ANNA, shell.now);
            shell.pass(LEASE.dividedBy(2).plusMillis(1));
        }
        assertThat(shell.state.asked(BERT).orElseThrow().standing()).isEqualTo(Standing.LOST);
        shell.counts(ANNA, ONE);
        assertThat(report(shell).tally().lost()).isEqualTo(1);
    }

    @Test
    void who_was_at_work_at_the_deadline_is_named() {
        SimulatedShell shell = training(1, 0).begin(ANNA, BERT);
        shell.counts(BERT, ONE);
        shell.heard.put(ANNA, shell.now.plus(LONG));
        shell.pass(LONG);
        assertThat(shell.all(Effect.Notify.class))
                .extracting(Effect.Notify::notice)
                .extracting(UpdateNotice::message)
                .contains("it was still at work when the 300 s of the round were over");
    }

    // ---- kills

    @Test
    void after_a_kill_nobody_is_asked_twice_and_what_was_accepted_counts() {
        SimulatedShell shell = training(2, 2).begin(ANNA, BERT);
        shell.counts(ANNA, ONE);
        UUID task = shell.task(BERT);
        shell.restart().attach(ANNA).attach(BERT, task).grant().base();
        assertThat(shell.task(BERT)).isEqualTo(task);
        assertThat(shell.all(Effect.Offer.class)).hasSize(2); // those of the first run
        assertThat(shell.receipt(shell.deliver(ANNA, ONE, 1))).isEqualTo(Receipt.ACCEPTED);
        shell.counts(BERT, TWO);
        assertThat(report(shell).accepted()).extracting(Fact::client).containsExactly(ANNA, BERT);
        assertThat(report(shell).restored()).containsExactly(ANNA);
        assertThat(said(shell)).containsExactly("ACCEPTED null", "ACCEPTED null"); // and no third time
    }

    @Test
    void a_share_that_had_closed_before_the_kill_reports_the_same() {
        SimulatedShell shell = training(1, 1).begin(ANNA, BERT);
        shell.counts(ANNA, ONE);
        Effect.Report before = report(shell);
        shell.restart();
        assertThat(shell.reporting).isNull(); // first it says who takes part here
        shell.grant();
        assertThat(report(shell).accepted()).isEqualTo(before.accepted());
        assertThat(report(shell).tally()).isEqualTo(before.tally());
        assertThat(report(shell).reason()).isEqualTo(before.reason());
    }

    @Test
    void an_accepted_update_without_its_file_does_not_count_after_a_kill() {
        SimulatedShell shell = training(2, 2).begin(ANNA, BERT);
        shell.counts(ANNA, ONE);
        shell.files.remove(ANNA);
        shell.restart();
        assertThat(shell.state.accepted()).isEmpty();
        assertThat(shell.state.asked(ANNA).orElseThrow().standing()).isEqualTo(Standing.ASKED);
    }

    @Test
    void measured_metrics_are_told_again_after_a_kill() {
        SimulatedShell shell = new SimulatedShell(SimulatedShell.order(TaskKind.VALIDATE, 2, 0, false));
        shell.begin(ANNA, BERT);
        shell.deliver(ANNA, ONE, 5);
        shell.soon().restart();
        assertThat(shell.all(Effect.NotifyMeasured.class)).hasSize(2);
        assertThat(shell.all(Effect.Notify.class)).isEmpty();
    }

    // ---- the report

    @Test
    void a_conflicting_client_is_claimed_again_and_left_out_if_it_counts_elsewhere() {
        SimulatedShell shell = training(2, 2).begin(ANNA, BERT);
        shell.counts(ANNA, ONE);
        shell.counts(BERT, TWO);
        answer(shell, new ShareAnswer.Conflicting(Set.of(ANNA)));
        assertThat(shell.reporting).isNull();
        shell.grant(ANNA);
        assertThat(report(shell).accepted()).extracting(Fact::client).containsExactly(BERT);
    }

    @Test
    void an_excessive_update_is_taken_back_and_the_others_count() {
        SimulatedShell shell = training(2, 2).begin(ANNA, BERT);
        shell.counts(ANNA, ONE);
        shell.counts(BERT, TWO);
        answer(shell, new ShareAnswer.Excessive(Set.of(ANNA), "at most 999"));
        assertThat(report(shell).accepted()).extracting(Fact::client).containsExactly(BERT);
        assertThat(said(shell)).last().isEqualTo("REJECTED TOO_MANY_EXAMPLES");
        assertThat(shell.receipt(shell.deliver(ANNA, ONE, 1)).reason()).startsWith("TOO_MANY_EXAMPLES");
    }

    @Test
    void an_update_that_breaks_the_fold_is_taken_back_and_a_broken_line_is_tried_again() {
        SimulatedShell shell = training(2, 2).begin(ANNA, BERT);
        shell.counts(ANNA, ONE);
        shell.counts(BERT, TWO);
        shell.reporting = null;
        shell.happen(new Event.NotReported(Optional.empty(), "no route"));
        shell.look();
        assertThat(shell.reporting).isNull();
        shell.pass(Duration.ofSeconds(1));
        assertThat(report(shell).accepted()).hasSize(2);
        shell.reporting = null;
        shell.happen(new Event.NotReported(Optional.of(BERT), "tensor '0' overflows"));
        assertThat(report(shell).accepted()).extracting(Fact::client).containsExactly(ANNA);
    }

    @Test
    void under_a_new_epoch_a_reported_share_is_claimed_and_reported_again() {
        SimulatedShell shell = training(1, 1).begin(ANNA);
        shell.counts(ANNA, ONE);
        answer(shell, new ShareAnswer.Recorded());
        assertThat(shell.state.phase()).isEqualTo(Phase.REPORTED);
        shell.happen(new Event.OrderChanged(epoch(shell.order, 2)));
        assertThat(shell.reporting).isNull();
        shell.grant();
        assertThat(report(shell).order().epoch()).isEqualTo(2);
    }

    private static Order epoch(Order order, long epoch) {
        return new Order(
                order.shareId(),
                order.kind(),
                order.roundId(),
                order.roundNumber(),
                order.sessionId(),
                order.alliance(),
                order.allianceId(),
                epoch,
                order.model(),
                order.packageDigest(),
                order.policy(),
                order.select(),
                order.aggregator(),
                order.mode(),
                order.maxStaleness(),
                order.settings(),
                order.keepUpdates(),
                order.maxExamples(),
                order.remainingMillis());
    }

    // ---- the end

    @Test
    void a_cancelled_share_calls_everybody_back_and_answers_whoever_waits() {
        SimulatedShell shell = training(2, 2).begin(ANNA, BERT);
        long reply = shell.deliver(ANNA, ONE, 1);
        shell.examined(ANNA).happen(new Event.Cancelled("stopped"));
        assertThat(shell.receipt(reply).fate()).isEqualTo(Fate.LATE);
        assertThat(shell.all(Effect.Cancel.class)).hasSize(2);
        assertThat(shell.effects).last().isInstanceOf(Effect.Remove.class);
        int before = shell.effects.size();
        shell.soon().look().detach(ANNA, false).attach(ANNA).happen(new Event.Cancelled("again"));
        assertThat(shell.effects).hasSize(before);
    }

    @Test
    void a_share_that_is_cancelled_before_it_is_taken_up_never_begins() {
        SimulatedShell shell = training(1, 1).attach(ANNA).happen(new Event.Cancelled("stopped"));
        int before = shell.effects.size();
        shell.open();
        assertThat(shell.effects).hasSize(before);
    }

    // ---- buffered sessions

    @Test
    void in_a_buffered_session_the_slow_work_on_and_nobody_is_called_back() {
        SimulatedShell shell = buffered(1, 1).begin(ANNA, BERT);
        long slow = shell.deliver(ANNA, TWO, 1);
        shell.counts(BERT, ONE);
        assertThat(shell.carried).containsOnlyKeys(ANNA);
        assertThat(shell.all(Effect.Cancel.class)).isEmpty();
        assertThat(report(shell).tally().expected()).isEqualTo(1);
        shell.examined(ANNA);
        assertThat(shell.receipt(slow).reason()).isEqualTo("passed on");
    }

    @Test
    void work_that_goes_on_is_taken_over_with_its_task_its_origin_and_what_has_arrived() {
        SimulatedShell shell = buffered(1, 2);
        Origin older = new Origin(new Order.Model(new UUID(4, 3), "a".repeat(64), 100, "npz"), 1);
        Work work = new Work(ANNA, new UUID(9, 9), older, shell.order, 1_000);
        shell.carried.put(ANNA, work);
        shell.arrived.put(ANNA, shell.outcome(ANNA, work.task(), ONE, 1));
        shell.uploads.put(ANNA, ONE);
        shell.begin(ANNA).examined(ANNA).soon();
        assertThat(shell.all(Effect.Offer.class)).isEmpty();
        assertThat(shell.all(Effect.Hold.class)).extracting(Effect.Hold::digest).containsExactly("a".repeat(64));
        assertThat(shell.state.accepted()).singleElement().satisfies(fact -> {
            assertThat(fact.task()).isEqualTo(work.task());
            assertThat(fact.origin()).isEqualTo(older);
        });
    }

    @Test
    void work_that_is_too_far_behind_is_called_back_and_its_client_is_asked_anew() {
        SimulatedShell shell = buffered(1, 1);
        Origin ancient = new Origin(new Order.Model(new UUID(4, 3), "a".repeat(64), 100, "npz"), -20);
        shell.carried.put(ANNA, new Work(ANNA, new UUID(9, 9), ancient, shell.order, 1_000));
        shell.begin(ANNA);
        assertThat(shell.all(Effect.CallBack.class)).hasSize(1);
        assertThat(shell.all(Effect.Offer.class))
                .singleElement()
                .satisfies(offer -> assertThat(offer.task()).isNotEqualTo(new UUID(9, 9)));
    }

    @Test
    void an_update_that_its_round_went_on_without_is_kept_for_the_next_one() {
        SimulatedShell shell = buffered(3, 3).begin(ANNA, BERT);
        shell.counts(ANNA, ONE);
        long reply = shell.deliver(BERT, TWO, 1);
        shell.examined(BERT).happen(new Event.Cancelled("the controller does not wait for it any more"));
        assertThat(shell.arrived).containsOnlyKeys(ANNA, BERT);
        assertThat(shell.receipt(reply).reason()).isEqualTo("passed on");
        shell.happen(new Event.NotGivenBack(ANNA));
        assertThat(shell.effects)
                .last()
                .isInstanceOfSatisfying(
                        Effect.Remember.class,
                        remember -> assertThat(remember.ends())
                                .extracting(TaskEnd::fate)
                                .containsExactly(Fate.ACCEPTED));
    }

    @Test
    void a_client_that_works_on_may_be_claimed_by_another_combiner_after_the_round_has_closed() {
        SimulatedShell shell = buffered(1, 1).begin(ANNA, BERT);
        shell.counts(BERT, ONE);
        answer(shell, new ShareAnswer.Recorded());
        shell.happen(new Event.OrderChanged(epoch(shell.order, 2)));
        shell.grant(ANNA);
        assertThat(report(shell).accepted()).extracting(Fact::client).containsExactly(BERT);
        assertThat(shell.state.asked(ANNA).orElseThrow().standing()).isEqualTo(Standing.CARRIED);
        assertThat(shell.all(Effect.Cancel.class)).isEmpty();
    }

    @Test
    void a_client_that_lost_its_older_work_begins_anew_from_this_rounds_base_and_is_told_so_once() {
        SimulatedShell shell = buffered(1, 2);
        Origin older = new Origin(new Order.Model(new UUID(4, 3), "a".repeat(64), 100, "npz"), 1);
        shell.carried.put(ANNA, new Work(ANNA, new UUID(9, 9), older, shell.order, 1_000));
        shell.begin(ANNA).attach(ANNA);
        assertThat(shell.state.asked(ANNA).orElseThrow().origin()).isEqualTo(Origin.of(shell.order));
        shell.base();
        assertThat(shell.all(Effect.Offer.class)).extracting(Effect.Offer::task).containsExactly(new UUID(9, 9));
        shell.restart();
        assertThat(shell.state.asked(ANNA).orElseThrow().origin()).isEqualTo(Origin.of(shell.order));
    }

    @Test
    void clients_at_work_are_not_asked_to_validate() {
        SimulatedShell shell = new SimulatedShell(SimulatedShell.order(TaskKind.VALIDATE, 1, 0, true));
        shell.carried.put(ANNA, new Work(ANNA, new UUID(9, 9), Origin.of(shell.order), shell.order, 1_000));
        shell.attach(ANNA).open();
        assertThat(report(shell).reason()).isEqualTo("every client is at work");
    }
}
