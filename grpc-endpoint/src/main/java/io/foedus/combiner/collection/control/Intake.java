package io.foedus.combiner.collection.control;

import io.foedus.combiner.collection.control.Examination.Refusal;
import io.foedus.combiner.collection.control.Examination.Verdict;
import io.foedus.combiner.collection.entity.Fact;
import io.foedus.combiner.collection.entity.Origin;
import io.foedus.combiner.collection.entity.Participant;
import io.foedus.combiner.collection.entity.Receipt;
import io.foedus.combiner.collection.entity.Standing;
import io.foedus.combiner.collection.entity.TaskOutcome;
import io.foedus.combiner.spool.control.Uploads;
import io.foedus.core.exchange.CombinerEvent;
import io.foedus.core.exchange.Fate;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.Severity;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.exchange.UpdateNotice;
import io.foedus.core.exchange.ValidationNotice;
import io.foedus.core.models.Digest;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.System.Logger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Takes results in: duplicate or not, acceptable or not, durable, then counted. Everything but the examination itself
 * runs on the collection's serial executor.
 */
final class Intake {
    private static final Logger LOG = System.getLogger(Intake.class.getName());

    private record Passed(Participant participant, Fact fact, CompletableFuture<Receipt> answer) {}

    /** Where results go that this collection does not wait for any more. */
    @FunctionalInterface
    interface Elsewhere {
        CompletableFuture<Receipt> take(UUID client, TaskOutcome outcome);
    }

    private final Station station;
    private final SerialExecutor serial;
    private final ShareSpool spool;
    private final Order order;
    private final CompletableFuture<Examination> examination;
    private final Elsewhere elsewhere;
    private final Runnable settled;
    private final Map<UUID, CompletableFuture<Receipt>> examined = new HashMap<>();
    private final List<Passed> passed = new ArrayList<>();

    /**
     * @param elsewhere takes results of participants that have been carried over to a later round
     * @param settled run whenever something was counted or refused
     */
    Intake(Share share, Elsewhere elsewhere, Runnable settled) {
        this.station = share.station();
        this.serial = share.serial();
        this.spool = share.spool();
        this.order = share.order();
        this.examination = share.base();
        this.elsewhere = elsewhere;
        this.settled = settled;
    }

    /** Takes one result of a participant of an open collection. */
    CompletableFuture<Receipt> take(Participant participant, TaskOutcome outcome) {
        return switch (participant.standing()) {
            case ASKED, LOST -> examine(participant, outcome);
            case EXAMINED, ACCEPTED -> again(participant, outcome);
            case REJECTED, FAILED -> CompletableFuture.completedFuture(remembered(participant));
            case CARRIED -> elsewhere.take(participant.client(), outcome);
        };
    }

    /** The same result again gets the same answer; another one is a duplicate. */
    private CompletableFuture<Receipt> again(Participant participant, TaskOutcome outcome) {
        if (!Objects.equals(participant.digest(), outcome.digest())) {
            notice(participant.client(), outcome, Fate.DUPLICATE, "DUPLICATE", null);
            return CompletableFuture.completedFuture(
                    new Receipt(Fate.DUPLICATE, "another result of this client is here already"));
        }
        return examined.getOrDefault(participant.client(), CompletableFuture.completedFuture(Receipt.ACCEPTED));
    }

    private Receipt remembered(Participant participant) {
        return station.ledger()
                .find(participant.task(), participant.client())
                .map(line -> new Receipt(line.fate(), line.reason()))
                .orElse(new Receipt(Fate.REJECTED, "the task has failed already"));
    }

    private CompletableFuture<Receipt> examine(Participant participant, TaskOutcome outcome) {
        Optional<Path> file = Optional.empty();
        if (order.kind() == TaskKind.TRAIN) {
            file = outcome.digest() == null
                    ? Optional.empty()
                    : station.uploads().complete(outcome.upload(), new Digest(outcome.digest()));
            if (file.isEmpty()) {
                return CompletableFuture.completedFuture(new Receipt(
                        Fate.REJECTED, "NOT_UPLOADED: the announced update is not here; upload it and report again"));
            }
        }
        CompletableFuture<Receipt> answer = new CompletableFuture<>();
        participant.examine(outcome.digest());
        examined.put(participant.client(), answer);
        Optional<Refusal> count = Examination.judge(outcome.examples(), order.maxExamples());
        if (count.isPresent() || file.isEmpty()) {
            examined(participant, outcome, file, count, answer);
            return answer;
        }
        Path upload = file.get();
        examination
                .thenApplyAsync(
                        rules -> judge(rules, upload, outcome, spool.unpacked(participant.client())), station.workers())
                .whenCompleteAsync(
                        (verdict, trouble) -> {
                            if (trouble != null || verdict == null) {
                                retry(participant, trouble, answer);
                            } else {
                                verdict.cast().ifPresent(how -> tellCast(participant.client(), how));
                                examined(participant, outcome, Optional.of(upload), verdict.refusal(), answer);
                            }
                        },
                        serial);
        return answer;
    }

    private void tellCast(UUID client, String how) {
        station.notices()
                .once(
                        "cast in " + order.sessionId(),
                        new CombinerEvent(
                                Severity.INFO,
                                "UPDATE_CAST",
                                "updates come in other dtypes than the model has, and are cast to the model's: " + how,
                                client,
                                order.roundId(),
                                Map.of()));
    }

    private static Verdict judge(Examination rules, Path upload, TaskOutcome outcome, Path unpacked) {
        try {
            return rules.judge(upload, outcome.size(), Objects.requireNonNull(outcome.digest()), unpacked);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Our own trouble, not the client's: it may offer the result again. */
    private void retry(Participant participant, @Nullable Throwable trouble, CompletableFuture<Receipt> answer) {
        LOG.log(Level.WARNING, "Cannot examine an update: {0} round={1}", trouble, order.key());
        examined.remove(participant.client());
        if (participant.standing() == Standing.EXAMINED) {
            participant.to(Standing.ASKED);
        }
        answer.complete(
                new Receipt(Fate.REJECTED, "NOT_UPLOADED: the combiner could not read the update; send it again"));
        uploadsDiscard(participant.task());
    }

    private void examined(
            Participant participant,
            TaskOutcome outcome,
            Optional<Path> upload,
            Optional<Refusal> refusal,
            CompletableFuture<Receipt> answer) {
        examined.remove(participant.client());
        if (participant.standing() == Standing.CARRIED) {
            passOn(participant, outcome, answer);
            return;
        }
        if (participant.standing() != Standing.EXAMINED) {
            notice(participant.client(), outcome, Fate.LATE, "LATE", null);
            answer.complete(new Receipt(Fate.LATE, "the round closed while the update was being checked"));
            return;
        }
        if (refusal.isPresent()) {
            refuse(participant, outcome, refusal.get(), answer);
            return;
        }
        examined.put(participant.client(), answer);
        passed.add(new Passed(participant, Fact.accepted(participant.client(), outcome, older(participant)), answer));
        try {
            if (upload.isPresent()) {
                spool.adopt(participant.client(), upload.get());
            }
        } catch (IOException e) {
            passed.remove(passed.size() - 1);
            retry(participant, e, answer);
            return;
        }
        if (passed.size() == 1) {
            serial.execute(this::commit); // those that pass meanwhile share its force to disk
        }
    }

    /** The round closed while the result was being checked: it counts in a later one. */
    private void passOn(Participant participant, TaskOutcome outcome, CompletableFuture<Receipt> answer) {
        elsewhere
                .take(participant.client(), outcome)
                .whenComplete((receipt, trouble) -> answer.complete(
                        receipt != null
                                ? receipt
                                : new Receipt(Fate.LATE, "the round closed while it was being checked")));
    }

    /** What a participant started from, if it was another model than this round's. */
    private @Nullable Origin older(Participant participant) {
        return participant.origin().equals(Origin.of(order)) ? null : participant.origin();
    }

    private void refuse(
            Participant participant, TaskOutcome outcome, Refusal refusal, CompletableFuture<Receipt> answer) {
        settle(participant, Standing.REJECTED, Fate.REJECTED, refusal.toString());
        uploadsDiscard(outcome.upload());
        notice(participant.client(), outcome, Fate.REJECTED, refusal.code(), refusal.sentence());
        answer.complete(new Receipt(Fate.REJECTED, refusal.toString()));
        settled.run();
    }

    /** Makes durable what has passed, then tells everybody. */
    void commit() {
        if (passed.isEmpty()) {
            return;
        }
        try {
            spool.write(passed.stream().map(Passed::fact).toList());
        } catch (IOException e) {
            LOG.log(Level.ERROR, "The spool cannot be written, trying again: {0} round={1}", e.toString(), order.key());
            station.later(Duration.ofSeconds(1), serial, this::commit);
            return;
        }
        for (Passed one : passed) {
            count(one);
        }
        passed.clear();
        settled.run();
    }

    private void count(Passed one) {
        Participant participant = one.participant();
        Fact fact = one.fact();
        examined.remove(participant.client());
        if (participant.standing() != Standing.EXAMINED) {
            one.answer().complete(new Receipt(Fate.LATE, "the round closed while the update was being checked"));
            return;
        }
        participant.accept(fact);
        station.attendance().working(participant.client(), false);
        if (order.kind() == TaskKind.VALIDATE) {
            tellValidation(fact);
        } else {
            notice(fact, Fate.ACCEPTED, null, null);
        }
        one.answer().complete(Receipt.ACCEPTED);
    }

    /** Tells the controller what a client measured; again after a restart, because nobody knows whether it heard. */
    void tellValidation(Fact fact) {
        station.notices()
                .validations()
                .add(
                        order.roundId(),
                        new ValidationNotice(
                                Objects.requireNonNull(fact.client()),
                                fact.examples(),
                                fact.metrics(),
                                fact.timings()));
    }

    /** An accepted update does not count after all: it keeps the others' from being folded, or from being recorded. */
    void revoke(Participant participant, Refusal refusal) {
        settle(participant, Standing.REJECTED, Fate.REJECTED, refusal.toString());
        notice(Objects.requireNonNull(participant.accepted()), Fate.REJECTED, refusal.code(), refusal.sentence());
    }

    /** Ends a participant's part without a result that counts. */
    void settle(Participant participant, Standing standing, Fate fate, String reason) {
        participant.to(standing);
        station.attendance().working(participant.client(), false);
        try {
            spool.write(List.of(Fact.settled(participant.client(), participant.task(), fate, reason)));
            station.ledger()
                    .note(List.of(new Ledger.Line(
                            participant.task(),
                            participant.client(),
                            order.roundId(),
                            participant.digest(),
                            fate,
                            reason)));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Cannot note the end of a task: {0} round={1}", e.toString(), order.key());
        }
    }

    void notice(UUID client, TaskOutcome outcome, Fate fate, @Nullable String code, @Nullable String message) {
        notice(Fact.accepted(client, outcome, null), fate, code, message);
    }

    private void notice(Fact fact, Fate fate, @Nullable String code, @Nullable String message) {
        if (order.kind() == TaskKind.TRAIN) {
            station.notices()
                    .update(
                            order.roundId(),
                            new UpdateNotice(
                                    Objects.requireNonNull(fact.client()),
                                    fact.digest(),
                                    fact.size(),
                                    fact.examples(),
                                    fate,
                                    code,
                                    message,
                                    null,
                                    fact.measured().numbers(),
                                    fact.timings()));
        }
    }

    private void uploadsDiscard(UUID upload) {
        Uploads uploads = station.uploads();
        try {
            uploads.discard(upload);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Cannot remove an upload: {0}", e.toString());
        }
    }
}
