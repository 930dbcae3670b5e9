package io.foedus.combiner.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.foedus.core.exchange.Fate;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.ShareReport;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.models.Digest;
import io.foedus.protocol.v1.Task;
import io.foedus.protocol.v1.UploadReceipt;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stories of one combiner; each says what happened to whom and what the controller got to see. */
class LocalFederationTest {
    private static final byte[] BASE = Models.of(0, 0, 0, 0);
    private static final Duration LONG = Duration.ofMinutes(5);

    @TempDir
    Path dir;

    LocalFederation federation;

    @BeforeEach
    void start() {
        federation = LocalFederation.start(dir);
    }

    @AfterEach
    void stop() {
        federation.close();
    }

    @Test
    void a_share_is_the_weighted_mean_of_its_clients() {
        attach(2);
        federation.agent((agent, task) -> agent.deliver(task, Models.of(1, 0, 0, 0), 30));
        federation.agent((agent, task) -> agent.deliver(task, Models.of(0, 1, 0, 0), 10));
        awaitAttached(4);
        Order order = open(order(2, 2, LONG));

        ShareReport report = report(order);

        assertThat(report.examples()).isEqualTo(40);
        assertThat(report.inputs())
                .hasSize(2)
                .isSortedAccordingTo(
                        (a, b) -> a.clientId().toString().compareTo(b.clientId().toString()));
        assertThat(folded(report)).containsExactly(0.75, 0.25, 0, 0);
        assertThat(report.tally().expected()).isEqualTo(4);
        assertThat(report.tally().accepted()).isEqualTo(2);
    }

    @Test
    void a_model_is_downloaded_from_any_byte_on_but_only_by_those_who_have_a_task() throws Exception {
        SimulatedAgent agent = federation.agent();
        awaitAttached(1);
        open(order(1, 1, LONG));
        Task task = agent.nextTask();

        assertThat(agent.download(task.getModel().getDigest(), 0)).isEqualTo(BASE);
        assertThat(agent.download(task.getModel().getDigest(), 100))
                .isEqualTo(Arrays.copyOfRange(BASE, 100, BASE.length));
        assertThat(task.getSettingsJson()).isEqualTo("{\"epochs\":2}");
        SimulatedAgent stranger = federation.agent();
        stranger.welcomed.get(5, TimeUnit.SECONDS);
        assertThatThrownBy(() -> stranger.download(task.getModel().getDigest(), 0))
                .hasMessageStartingWith("NOT_FOUND");
    }

    @Test
    void the_same_update_twice_is_answered_twice_and_counted_once() throws Exception {
        SimulatedAgent agent = federation.agent();
        federation.agent();
        awaitAttached(2);
        open(order(2, 2, LONG));
        Task task = agent.nextTask();
        byte[] update = Models.of(1, 2, 3, 4);

        agent.deliver(task, update, 5);
        assertThat(agent.nextReceipt().getFate()).isEqualTo("ACCEPTED");
        agent.report(task.getTaskId(), update, 5);
        assertThat(agent.nextReceipt().getFate()).isEqualTo("ACCEPTED");
        agent.report(task.getTaskId(), Models.of(4, 3, 2, 1), 5);
        assertThat(agent.nextReceipt().getFate()).isEqualTo("DUPLICATE");

        await().untilAsserted(() -> assertThat(federation.controller.updates())
                .extracting(notice -> notice.fate())
                .contains(Fate.ACCEPTED, Fate.DUPLICATE));
    }

    @Test
    void a_late_update_is_told_so_and_never_folded() throws Exception {
        SimulatedAgent slow = federation.agent();
        SimulatedAgent quick = federation.agent();
        awaitAttached(2);
        Order order = open(order(1, 1, LONG));
        Task late = slow.nextTask();
        quick.deliver(quick.nextTask(), Models.of(1, 1, 1, 1), 1);

        assertThat(report(order).inputs()).hasSize(1);
        assertThat(slow.cancelled.poll(5, TimeUnit.SECONDS)).isEqualTo(late.getTaskId());
        assertThatThrownBy(() ->
                        slow.upload(late.getTaskId(), BASE, 0, BASE.length).join())
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("FAILED_PRECONDITION");
        slow.report(late.getTaskId(), BASE, 1);

        assertThat(slow.nextReceipt().getFate()).isEqualTo("LATE");
        assertThat(report(order).tally().lost()).isEqualTo(1);
    }

    @Test
    void an_update_with_a_value_that_is_not_a_number_is_rejected_by_name_and_place() throws Exception {
        rejected(Models.of(1, 2, Double.NaN, 4), 1, "NOT_FINITE");
    }

    @Test
    void an_update_of_another_shape_is_rejected() throws Exception {
        rejected(Models.of(1, 2, 3), 1, "LAYOUT");
    }

    @Test
    void an_update_with_other_names_is_rejected() throws Exception {
        rejected(Models.named("weights", 1, 2, 3, 4), 1, "LAYOUT");
    }

    @Test
    void an_update_that_is_no_model_is_rejected() throws Exception {
        rejected("this is not a model, however long it may be, it has no magic number".getBytes(), 1, "MALFORMED");
    }

    @Test
    void an_update_without_examples_is_rejected() throws Exception {
        rejected(Models.of(1, 2, 3, 4), 0, "BAD_EXAMPLES");
    }

    @Test
    void a_finite_value_that_would_overflow_everybodys_sum_is_rejected_by_name_and_place() throws Exception {
        SimulatedAgent bad = federation.agent();
        federation.agent((agent, task) -> agent.deliver(task, Models.ofDoubles(2, 2), 1));
        awaitAttached(2);
        Order order = open(federation.order(Models.ofDoubles(0, 0), 1, 0, LONG));

        bad.deliver(bad.nextTask(), Models.ofDoubles(1, 1e308), 10);

        assertThat(bad.nextReceipt().getReason())
                .startsWith("OUT_OF_SCALE: tensor '0' has the value 1.0E308 at index 1");
        ShareReport report = report(order);
        assertThat(report.tally().rejected()).isEqualTo(1);
        assertThat(report.inputs()).hasSize(1);
    }

    @Test
    void an_update_that_claims_more_examples_than_its_alliance_takes_is_rejected() throws Exception {
        rejected(
                Models.of(1, 2, 3, 4), 10_000_001, "TOO_MANY_EXAMPLES: 10000001 examples; this alliance takes at most");
    }

    @Test
    void an_accepted_update_that_the_controller_finds_excessive_is_taken_back_and_the_others_count() throws Exception {
        SimulatedAgent bad = federation.agent((agent, task) -> agent.deliver(task, Models.of(9, 9, 9, 9), 1_000));
        SimulatedAgent good = federation.agent((agent, task) -> agent.deliver(task, Models.of(2, 2, 2, 2), 1));
        awaitAttached(2);
        federation.controller.atMostExamples(999);
        ShareReport report = report(open(order(2, 2, LONG)));

        assertThat(report.inputs())
                .singleElement()
                .satisfies(input -> assertThat(input.clientId()).isEqualTo(good.id));
        assertThat(report.tally().rejected()).isEqualTo(1);
        await().untilAsserted(() -> assertThat(federation.controller.updates())
                .filteredOn(notice -> notice.clientId().equals(bad.id))
                .last()
                .satisfies(notice -> assertThat(notice.reason()).isEqualTo("TOO_MANY_EXAMPLES")));
    }

    private void rejected(byte[] update, long examples, String code) throws Exception {
        SimulatedAgent bad = federation.agent();
        federation.agent((agent, task) -> agent.deliver(task, Models.of(2, 2, 2, 2), 1));
        awaitAttached(2);
        Order order = open(order(1, 0, LONG));

        bad.deliver(bad.nextTask(), update, examples);

        assertThat(bad.nextReceipt()).satisfies(receipt -> {
            assertThat(receipt.getFate()).isEqualTo("REJECTED");
            assertThat(receipt.getReason()).startsWith(code);
        });
        ShareReport report = report(order);
        assertThat(report.tally().rejected()).isEqualTo(1);
        assertThat(folded(report)).containsExactly(2, 2, 2, 2);
    }

    @Test
    void an_upload_that_is_cut_twenty_times_sends_no_byte_twice() throws Exception {
        byte[] base = Models.ofBytes(4 << 20, 0);
        byte[] update = Models.ofBytes(4 << 20, 1);
        SimulatedAgent agent = federation.agent();
        awaitAttached(1);
        Order order = open(federation.order(base, 1, 1, LONG));
        Task task = agent.nextTask();
        int piece = update.length / 21;

        int sent = 0;
        for (int cut = 0; cut < 20; cut++) {
            int until = sent + piece;
            agent.upload(task.getTaskId(), update, sent, until);
            await().until(() -> agent.uploadStatus(task.getTaskId(), update).getDurableBytes() == until);
            agent.cut();
            sent = until;
        }
        UploadReceipt receipt =
                agent.upload(task.getTaskId(), update, sent, update.length).join();
        agent.report(task.getTaskId(), update, 3);

        assertThat(receipt.getComplete()).isTrue();
        assertThat(agent.nextReceipt().getFate()).isEqualTo("ACCEPTED");
        assertThat(agent.uploadStatus(task.getTaskId(), update).getComplete()).isTrue();
        assertThat(report(order).inputs().get(0).digest())
                .isEqualTo(Digest.of(update).hex());
    }

    @Test
    void uploads_beyond_the_cap_wait_their_turn_and_are_not_refused() throws Exception {
        federation.close();
        federation = LocalFederation.start(
                Files.createDirectory(dir.resolve("capped")), Map.of("foedus.combiner.concurrent-uploads", "1"));
        SimulatedAgent first = federation.agent();
        SimulatedAgent second = federation.agent();
        awaitAttached(2);
        Order order = open(order(2, 2, LONG));
        Task one = first.nextTask();
        Task two = second.nextTask();
        byte[] update = Models.of(1, 2, 3, 4);
        first.upload(one.getTaskId(), update, 0, 10);
        await().until(() -> first.uploadStatus(one.getTaskId(), update).getDurableBytes() == 10);

        CompletableFuture<UploadReceipt> waiting = second.upload(two.getTaskId(), update, 0, update.length);
        assertThat(second.uploadStatus(two.getTaskId(), update).getDurableBytes())
                .isZero();
        first.cut();
        assertThat(waiting.get(5, TimeUnit.SECONDS).getComplete()).isTrue();
        second.report(two.getTaskId(), update, 1);
        first.upload(one.getTaskId(), update, 10, update.length).get(5, TimeUnit.SECONDS);
        first.report(one.getTaskId(), update, 1);
        assertThat(report(order).inputs()).hasSize(2);
    }

    @Test
    void an_upload_at_the_wrong_place_or_with_another_digest_is_refused() throws Exception {
        SimulatedAgent agent = federation.agent();
        awaitAttached(1);
        open(order(1, 1, LONG));
        Task task = agent.nextTask();
        byte[] update = Models.of(1, 2, 3, 4);

        assertThatThrownBy(() -> agent.upload(task.getTaskId(), update, 10, update.length)
                        .join())
                .hasMessageContaining("OUT_OF_RANGE");
        assertThatThrownBy(() -> agent.upload(UUID.randomUUID().toString(), update, 0, update.length)
                        .join())
                .hasMessageContaining("NOT_FOUND");
        byte[] huge = Models.ofBytes(8 << 20, 1);
        assertThatThrownBy(() ->
                        agent.upload(task.getTaskId(), huge, 0, huge.length).join())
                .hasMessageContaining("INVALID_ARGUMENT");
    }

    @Test
    void a_combiner_that_is_killed_goes_on_from_its_journal_and_asks_nobody_twice() throws Exception {
        SimulatedAgent done = federation.agent();
        SimulatedAgent working = federation.agent();
        awaitAttached(2);
        Order order = open(order(2, 2, LONG));
        Task first = done.nextTask();
        Task second = working.nextTask();
        byte[] update = Models.of(1, 1, 1, 1);
        done.deliver(first, update, 1);
        assertThat(done.nextReceipt().getFate()).isEqualTo("ACCEPTED");

        federation.kill();
        federation.restart();
        SimulatedAgent again = federation.agent(done.id, Set.of(), Map.of(), (agent, task) -> {});
        SimulatedAgent still = federation.agent(
                working.id, Set.of(UUID.fromString(second.getTaskId())), Map.of(), (agent, task) -> {});
        awaitRestored(order);

        again.report(first.getTaskId(), update, 1);
        assertThat(again.nextReceipt().getFate()).isEqualTo("ACCEPTED");
        still.deliver(second, Models.of(3, 3, 3, 3), 1);
        assertThat(still.nextReceipt().getFate()).isEqualTo("ACCEPTED");

        ShareReport report = report(order);
        assertThat(again.tasks).isEmpty();
        assertThat(still.tasks).isEmpty();
        assertThat(folded(report)).containsExactly(2, 2, 2, 2);
    }

    private void awaitRestored(Order order) {
        await().until(() ->
                federation.combiner().ready() && Files.exists(federation.spool().resolve("shares")));
        await().pollDelay(Duration.ofMillis(200))
                .until(() -> federation.combiner().attached() == 2);
    }

    @Test
    void a_combiner_that_is_killed_after_closing_reports_the_same_bytes() throws Exception {
        federation.controller.firewall.drop("share");
        federation.agent((agent, task) -> agent.deliver(task, Models.of(1, 2, 3, 4), 1));
        federation.agent((agent, task) -> agent.deliver(task, Models.of(4, 3, 2, 1), 3));
        awaitAttached(2);
        Order order = open(order(2, 2, LONG));
        Path journal = federation.spool().resolve("shares/" + order.key() + "/journal.jsonl");
        await().until(() -> Files.exists(journal) && Files.readString(journal).contains("CLOSED"));

        federation.kill();
        federation.controller.firewall.heal();
        federation.restart();

        assertThat(folded(report(order))).containsExactly(3.25, 2.75, 2.25, 1.75);
    }

    @Test
    void a_report_whose_answer_was_lost_is_made_again_without_harm() {
        federation.controller.firewall.dropAnswers("share");
        federation.agent((agent, task) -> agent.deliver(task, Models.of(1, 2, 3, 4), 1));
        awaitAttached(1);
        Order order = open(order(1, 1, LONG));
        ShareReport report = report(order);
        federation.controller.firewall.heal();

        assertThat(report.inputs()).hasSize(1);
        await().until(() -> !Files.exists(federation.spool().resolve("shares/" + order.key())));
    }

    @Test
    void the_newest_stream_of_a_client_wins() throws Exception {
        SimulatedAgent older = federation.agent();
        older.welcomed.get(5, TimeUnit.SECONDS);
        SimulatedAgent newer = federation.agent(older.id, Set.of(), Map.of(), (agent, task) -> {});
        newer.welcomed.get(5, TimeUnit.SECONDS);

        assertThat(older.ended.get(5, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.ABORTED);
        open(order(1, 1, LONG));
        newer.nextTask();
        assertThat(federation.combiner().attached()).isEqualTo(1);
        assertThat(older.tasks).isEmpty();
    }

    @Test
    void a_client_that_dies_lowers_the_expectation_at_once() throws Exception {
        SimulatedAgent dying = federation.agent();
        federation.agent((agent, task) -> agent.deliver(task, Models.of(1, 2, 3, 4), 1));
        awaitAttached(2);
        Order order = open(order(1, 0, LONG));
        dying.nextTask();

        dying.die();

        ShareReport report = report(order);
        assertThat(report.tally().lost()).isEqualTo(1);
        assertThat(report.tally().accepted()).isEqualTo(1);
    }

    @Test
    void a_client_that_comes_back_in_time_gets_its_task_again_and_counts() throws Exception {
        SimulatedAgent first = federation.agent();
        awaitAttached(1);
        Order order = open(order(1, 1, LONG));
        Task task = first.nextTask();

        first.die();
        SimulatedAgent back = federation.agent(first.id, Set.of(), Map.of(), (agent, again) -> {});
        Task again = back.nextTask();
        back.deliver(again, Models.of(1, 2, 3, 4), 1);

        assertThat(again.getTaskId()).isEqualTo(task.getTaskId());
        assertThat(report(order).tally().accepted()).isEqualTo(1);
    }

    @Test
    void a_long_training_that_tells_its_progress_is_alive_and_a_silent_one_is_lost_after_its_lease() throws Exception {
        SimulatedAgent working = federation.agent();
        SimulatedAgent silent = federation.agent();
        awaitAttached(2);
        Order order = open(order(1, 0, LONG));
        Task task = working.nextTask();
        silent.nextTask();
        for (int i = 0; i < 4; i++) {
            federation.clock.advance(Duration.ofSeconds(30));
            working.progress(task);
        }
        working.deliver(task, Models.of(1, 2, 3, 4), 1);

        ShareReport report = report(order);
        assertThat(report.inputs())
                .singleElement()
                .satisfies(input -> assertThat(input.clientId()).isEqualTo(working.id));
        assertThat(report.tally().lost()).isEqualTo(1);
    }

    @Test
    void a_share_of_one_session_does_not_wait_for_another() throws Exception {
        federation.agent((agent, task) -> {
            if (task.getRoundNumber() == 2) {
                agent.deliver(task, Models.of(1, 2, 3, 4), 1);
            }
        });
        awaitAttached(1);
        Order stuck = open(order(1, 0, LONG));
        Order other = open(federation.buffered(TaskKind.TRAIN, UUID.randomUUID(), 2, BASE, 1, 0));

        assertThat(report(other).inputs()).hasSize(1);
        assertThat(federation.controller.report(stuck.key())).isEmpty();
    }

    @Test
    void a_client_that_fails_says_why_and_is_not_waited_for() throws Exception {
        federation.agent((agent, task) -> agent.fail(task, "ENTRY_POINT_FAILED"));
        federation.agent((agent, task) -> agent.deliver(task, Models.of(1, 2, 3, 4), 1));
        awaitAttached(2);
        Order order = open(order(1, 0, LONG));

        assertThat(report(order).tally().accepted()).isEqualTo(1);
        await().untilAsserted(() -> assertThat(federation.controller.updates())
                .anySatisfy(notice -> assertThat(notice.reason()).isEqualTo("ENTRY_POINT_FAILED")));
    }

    @Test
    void a_share_below_its_part_of_the_minimum_still_waits_for_those_at_work() throws Exception {
        SimulatedAgent failing = federation.agent();
        SimulatedAgent working = federation.agent();
        awaitAttached(2);
        Order order = open(order(2, 0, LONG));
        Task task = working.nextTask();
        failing.fail(failing.nextTask(), "ENTRY_POINT_FAILED");
        await().untilAsserted(() -> assertThat(federation.controller.updates()).isNotEmpty());
        working.deliver(task, Models.of(1, 2, 3, 4), 1);

        ShareReport report = report(order);
        assertThat(report.tally().accepted()).isEqualTo(1);
        assertThat(report.reason()).isEqualTo("fewer than 2 updates can still come");
    }

    @Test
    void clients_that_another_combiner_claimed_are_not_asked() throws Exception {
        SimulatedAgent elsewhere = federation.agent();
        federation.agent((agent, task) -> agent.deliver(task, Models.of(1, 2, 3, 4), 1));
        awaitAttached(2);
        Order order = order(1, 0, LONG);
        federation.controller.takeElsewhere(order.roundId(), elsewhere.id);
        open(order);

        assertThat(report(order).tally().expected()).isEqualTo(1);
        assertThat(elsewhere.tasks).isEmpty();
    }

    @Test
    void a_share_with_conflicting_claims_is_folded_again_without_them() {
        SimulatedAgent contested = federation.agent((agent, task) -> agent.deliver(task, Models.of(9, 9, 9, 9), 1));
        federation.agent((agent, task) -> agent.deliver(task, Models.of(1, 2, 3, 4), 1));
        awaitAttached(2);
        federation.controller.conflict(contested.id);
        Order order = open(order(2, 2, LONG));

        ShareReport report = report(order);
        assertThat(report.inputs()).hasSize(1);
        assertThat(folded(report)).containsExactly(1, 2, 3, 4);
    }

    @Test
    void validations_reach_the_controller_before_the_share_does() {
        federation.agent((agent, task) -> agent.measure(task, 0.9, 10));
        federation.agent((agent, task) -> agent.measure(task, 0.7, 30));
        awaitAttached(2);
        Order order = open(federation.order(TaskKind.VALIDATE, BASE, 1, 0, LONG, "mean", false, 0));

        ShareReport report = report(order);
        assertThat(report.partial()).isNull();
        assertThat(report.examples()).isEqualTo(40);
        assertThat(federation.controller.validations())
                .<Object>extracting(notice -> notice.metrics().get("accuracy"))
                .containsExactlyInAnyOrder(0.9, 0.7);
    }

    @Test
    void a_partial_that_becomes_the_next_model_is_not_fetched() {
        federation.agent((agent, task) -> agent.deliver(task, Models.of(1, 2, 3, 4), 1));
        awaitAttached(1);
        Order first = open(order(1, 1, LONG));
        byte[] model = federation.controller.blob(
                Objects.requireNonNull(report(first).partial()).digest());
        federation.controller.firewall.drop("fetch");
        Order second = open(federation.order(model, 1, 1, LONG));

        assertThat(folded(report(second))).containsExactly(1, 2, 3, 4);
    }

    @Test
    void kept_updates_are_stored_beside_the_partial() {
        federation.agent((agent, task) -> agent.deliver(task, Models.of(1, 2, 3, 4), 1));
        awaitAttached(1);
        Order order = open(federation.order(TaskKind.TRAIN, BASE, 1, 1, LONG, "mean", true, 0));

        assertThat(federation.controller.hasBlob(report(order).inputs().get(0).digest()))
                .isTrue();
    }

    @Test
    void a_private_share_counts_clients_and_leaves_the_noise_to_the_root() {
        federation.agent((agent, task) -> agent.deliver(task, Models.of(1, 0, 0, 0), 30));
        federation.agent((agent, task) -> agent.deliver(task, Models.of(0, 1, 0, 0), 10));
        awaitAttached(2);
        Order order = open(federation.order(TaskKind.TRAIN, BASE, 2, 2, LONG, "dp-mean:clip=5,noise=1", false, 0));

        ShareReport report = report(order);
        assertThat(folded(report)).containsExactly(0.5, 0.5, 0, 0);
        assertThat(report.inputs()).allMatch(input -> input.weight() == 1);
        assertThat(report.examples()).isEqualTo(40);
    }

    @Test
    void a_rule_that_must_see_every_update_gets_the_updates_themselves() {
        for (int i = 0; i < 3; i++) {
            federation.agent((agent, task) -> agent.deliver(task, Models.of(1, 2, 3, agent.id.hashCode()), 5));
        }
        awaitAttached(3);
        Order order = open(federation.order(TaskKind.TRAIN, BASE, 3, 3, LONG, "krum:0", false, 0));

        ShareReport report = report(order);
        assertThat(report.partial()).isNull();
        assertThat(report.inputs()).hasSize(3).allMatch(input -> federation.controller.hasBlob(input.digest()));
    }

    @Test
    void a_seeded_selection_asks_as_many_as_the_order_wants() {
        for (int i = 0; i < 6; i++) {
            federation.agent((agent, task) -> agent.deliver(task, Models.of(1, 2, 3, 4), 1));
        }
        awaitAttached(6);
        Order order = open(federation.order(TaskKind.TRAIN, BASE, 1, 0, LONG, "mean", false, 3));

        assertThat(report(order).tally().expected()).isEqualTo(3);
    }

    @Test
    void nobody_comes_and_the_share_ends_at_its_deadline_with_a_reason() {
        Order order = open(order(1, 0, Duration.ofMillis(600)));

        ShareReport report = report(order);
        assertThat(report.partial()).isNull();
        assertThat(report.reason()).isEqualTo("no client was attached");
    }

    @Test
    void an_order_that_is_not_listed_any_more_is_cancelled() throws Exception {
        SimulatedAgent agent = federation.agent();
        awaitAttached(1);
        Order order = open(order(1, 1, LONG));
        Task task = agent.nextTask();

        federation.controller.close(order.key());

        assertThat(agent.cancelled.poll(5, TimeUnit.SECONDS)).isEqualTo(task.getTaskId());
        agent.report(task.getTaskId(), BASE, 1);
        assertThat(agent.nextReceipt().getFate()).isEqualTo("LATE");
    }

    @Test
    void an_epoch_that_is_over_leads_to_a_new_registration_and_the_share_goes_on() throws Exception {
        SimulatedAgent agent = federation.agent();
        awaitAttached(1);
        Order order = open(order(1, 1, LONG));
        Task task = agent.nextTask();

        federation.controller.outdate();
        agent.deliver(task, Models.of(1, 2, 3, 4), 1);

        assertThat(report(order).epoch()).isGreaterThan(1);
        assertThat(agent.tasks).isEmpty();
    }

    @Test
    void calls_without_a_valid_ticket_are_refused() throws Exception {
        SimulatedAgent forged = new SimulatedAgent(
                UUID.randomUUID(), federation.channel(), "e30.AAAA", Set.of(), Map.of(), (agent, task) -> {});
        assertThat(forged.ended.get(5, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        UUID id = UUID.randomUUID();
        String expired = federation.controller.ticket(id, LocalFederation.ALLIANCE, "x", Duration.ofHours(-1));
        SimulatedAgent late =
                new SimulatedAgent(id, federation.channel(), expired, Set.of(), Map.of(), (agent, task) -> {});
        assertThat(late.ended.get(5, TimeUnit.SECONDS).getDescription()).contains("expired");
    }

    @Test
    void a_revoked_client_is_cut_off_and_stays_out() throws Exception {
        SimulatedAgent agent = federation.agent();
        agent.welcomed.get(5, TimeUnit.SECONDS);

        federation.controller.revoke(agent.id);

        assertThat(agent.ended.get(5, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        SimulatedAgent again = federation.agent(agent.id, Set.of(), Map.of(), (one, task) -> {});
        assertThat(again.ended.get(5, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    @Test
    void clients_of_another_alliance_are_never_asked() throws Exception {
        UUID id = UUID.randomUUID();
        String ticket = federation.controller.ticket(id, "banks", "x", Duration.ofHours(1));
        SimulatedAgent foreigner =
                new SimulatedAgent(id, federation.channel(), ticket, Set.of(), Map.of(), (agent, task) -> {});
        federation.agent((agent, task) -> agent.deliver(task, Models.of(1, 2, 3, 4), 1));
        awaitAttached(2);
        Order order = open(order(1, 0, LONG));

        assertThat(report(order).tally().expected()).isEqualTo(1);
        assertThat(foreigner.tasks).isEmpty();
        assertThatThrownBy(() -> foreigner.download(order.model().digest(), 0))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageStartingWith("NOT_FOUND");
    }

    @Test
    void a_draining_combiner_sends_its_agents_away() throws Exception {
        SimulatedAgent agent = federation.agent();
        agent.welcomed.get(5, TimeUnit.SECONDS);

        federation.controller.drain();

        assertThat(agent.reassigned.get(5, TimeUnit.SECONDS)).contains("drained");
    }

    @Test
    void a_thousand_attached_agents_cost_no_thread_each() {
        int before = Thread.activeCount();
        List<SimulatedAgent> agents = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            agents.add(federation.agent((agent, task) -> agent.measure(task, 0.5, 1)));
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> federation.combiner().attached() == 1_000);

        assertThat(Thread.activeCount() - before).isLessThan(50);
        Order order = open(federation.order(TaskKind.VALIDATE, BASE, 1_000, 0, LONG, "mean", false, 0));
        assertThat(report(order).tally().accepted()).isEqualTo(1_000);
        assertThat(new HashSet<>(federation.controller.attached())).hasSize(1_000);
    }

    @Test
    void the_identity_is_kept_and_is_nobody_elses_business() throws IOException {
        await().until(() -> federation.combiner().ready());

        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(federation.spool().resolve("identity.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    void agents_are_served_while_the_controller_is_away() throws Exception {
        SimulatedAgent agent = federation.agent();
        awaitAttached(1);
        Order order = open(order(1, 1, LONG));
        Task task = agent.nextTask();
        federation.controller.firewall.drop("*");

        agent.deliver(task, Models.of(1, 2, 3, 4), 1);
        assertThat(agent.nextReceipt().getFate()).isEqualTo("ACCEPTED");
        federation.controller.firewall.heal();

        assertThat(report(order).inputs()).hasSize(1);
    }

    @Test
    void sixteen_shares_that_close_at_once_do_not_wait_for_each_other() {
        federation.agent((agent, task) -> agent.measure(task, 0.5, 1));
        awaitAttached(1);
        List<Order> orders = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            orders.add(federation.order(TaskKind.VALIDATE, BASE, 1, 0, LONG, "mean", false, 0));
        }

        orders.forEach(federation.controller::open);

        // a closing that held a worker while it waited for another to send validations would give up after 20 s
        await().atMost(Duration.ofSeconds(12))
                .until(() -> orders.stream()
                        .allMatch(order ->
                                federation.controller.report(order.key()).isPresent()));
        assertThat(federation.controller.validations()).hasSize(16);
    }

    @Test
    void the_controller_hears_why_a_client_was_refused_before_it_hears_of_the_share() throws Exception {
        SimulatedAgent good = federation.agent();
        SimulatedAgent bad = federation.agent();
        SimulatedAgent broken = federation.agent();
        awaitAttached(3);
        Order order = open(order(1, 0, LONG));
        good.deliver(good.nextTask(), Models.of(1, 2, 3, 4), 1);
        good.nextReceipt();
        federation.controller.firewall.drop("updates");
        broken.fail(broken.nextTask(), "ENTRY_POINT_FAILED");

        bad.deliver(bad.nextTask(), Models.of(1, 2, 3), 1); // the last one: the share closes with it
        int before = federation.controller.firewall.attempts("updates");
        await().until(() -> federation.controller.firewall.attempts("updates") >= before + 4);
        assertThat(federation.controller.report(order.key())).isEmpty();
        federation.controller.firewall.heal();

        report(order);
        assertThat(federation.controller.updatesBefore(order.key()))
                .anySatisfy(notice -> {
                    assertThat(notice.clientId()).isEqualTo(bad.id);
                    assertThat(notice.fate()).isEqualTo(Fate.REJECTED);
                    assertThat(notice.reason()).isEqualTo("LAYOUT");
                })
                .anySatisfy(notice -> {
                    assertThat(notice.clientId()).isEqualTo(broken.id);
                    assertThat(notice.fate()).isEqualTo(Fate.FAILED);
                    assertThat(notice.reason()).isEqualTo("ENTRY_POINT_FAILED");
                });
    }

    // ---- words of the stories

    private void attach(int count) {
        for (int i = 0; i < count; i++) {
            federation.agent();
        }
    }

    private void awaitAttached(int count) {
        await().until(() -> federation.controller.attached().size() == count);
    }

    private Order order(int least, int target, Duration deadline) {
        return federation.order(BASE, least, target, deadline);
    }

    private Order open(Order order) {
        federation.controller.open(order);
        return order;
    }

    private double[] folded(ShareReport report) {
        String digest = Objects.requireNonNull(report.partial()).digest();
        return Models.mean(federation.controller.blob(digest), report);
    }

    private ShareReport report(Order order) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> federation.controller.report(order.key()).isPresent());
        return federation.controller.report(order.key()).orElseThrow();
    }
}
