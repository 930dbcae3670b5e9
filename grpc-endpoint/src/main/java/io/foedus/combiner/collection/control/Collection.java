package io.foedus.combiner.collection.control;

import io.foedus.combiner.agents.entity.Agent;
import io.foedus.combiner.collection.entity.Fact;
import io.foedus.combiner.collection.entity.Participant;
import io.foedus.combiner.collection.entity.Phase;
import io.foedus.combiner.collection.entity.Receipt;
import io.foedus.combiner.collection.entity.Standing;
import io.foedus.combiner.collection.entity.TaskOutcome;
import io.foedus.combiner.collection.entity.TaskTrouble;
import io.foedus.core.exchange.Fate;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.UpdateNotice;
import io.foedus.core.models.Digest;
import io.foedus.core.round.Tally;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.lang.System.Logger;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One share in flight. Every public method returns at once; what it asks for happens on the collection's serial
 * executor.
 *
 * <p>The class is the order of events and nothing else: whom to ask is {@link Enlistment}'s, handing tasks out is
 * {@link Handout}'s, what to accept {@link Intake}'s, who is lost and when it is over {@link Vigil}'s, what becomes of
 * the others {@link Farewell}'s, and what to tell the controller {@link Reporting}'s.
 */
public final class Collection {
    private static final Logger LOG = System.getLogger(Collection.class.getName());

    private final Share share;
    private final SerialExecutor serial;
    private final Participants participants;
    private final Intake intake;
    private final Enlistment enlistment;
    private final Handout handout;
    private final Vigil vigil;
    private final Farewell farewell;
    private final Reporting reporting;
    private boolean begun;

    /**
     * @param elsewhere takes results that belong to a later round
     * @throws IOException if the share's directory cannot be made or its journal not read
     */
    Collection(Station station, Order order, Intake.Elsewhere elsewhere) throws IOException {
        this.share = new Share(station, order);
        this.serial = share.serial();
        this.participants = share.participants();
        this.intake = new Intake(share, elsewhere, this::judge);
        this.enlistment = new Enlistment(share, intake, this::enlisted);
        this.handout = new Handout(share);
        this.vigil = new Vigil(share);
        this.farewell = new Farewell(share);
        this.reporting = new Reporting(share, enlistment, intake);
    }

    public Order order() {
        return share.order();
    }

    public Phase phase() {
        return share.phase();
    }

    /** Where it stands; a snapshot. */
    public Tally tally() {
        return participants.tally();
    }

    /** The participant that works on a task, or did; not one that works on for a later round. */
    Optional<Participant> participant(UUID client) {
        return participants.of(client).filter(one -> one.standing() != Standing.CARRIED);
    }

    /** Whether a result of that task would still be taken. */
    boolean wants(UUID client, UUID task) {
        return phase().open()
                && participant(client)
                        .filter(one -> one.task().equals(task))
                        .filter(one -> one.standing() != Standing.REJECTED && one.standing() != Standing.FAILED)
                        .isPresent();
    }

    /** Whether that client's task started from that model. */
    boolean startsFrom(UUID client, Digest digest) {
        return participant(client)
                .filter(one -> one.origin().model().digest().equals(digest.hex()))
                .isPresent();
    }

    /** Largest acceptable file in bytes; a guess from the base model's size until it is here. */
    long mostBytes() {
        return share.base().isDone() && !share.base().isCompletedExceptionally()
                ? share.base().join().mostBytes()
                : 2 * order().model().size() + (1L << 20);
    }

    // ---- the controller's word

    /** @param after what has to be over before it asks anybody */
    void begin(CompletableFuture<?> after) {
        share.hold(order().model().digest());
        after.whenCompleteAsync((done, trouble) -> open(), serial);
    }

    private void open() {
        if (phase() == Phase.CANCELLED) {
            return;
        }
        begun = true;
        new Restoration(share, intake).run().ifPresent(this::closedBefore);
        fetchBase();
        if (participants.isEmpty()) {
            recruit();
            reporting.report();
        } else {
            enlistment.reclaim();
        }
    }

    private void closedBefore(String why) {
        share.to(Phase.CLOSING);
        reporting.closed(why);
    }

    private void fetchBase() {
        Station station = share.station();
        station.models()
                .get(new Digest(order().model().digest()))
                .thenApplyAsync(this::layout, station.workers())
                .whenCompleteAsync(
                        (rules, trouble) -> {
                            if (rules != null) {
                                share.backoff().recovered();
                                share.base().complete(rules);
                                opened();
                            } else if (phase().open()) {
                                LOG.log(Level.WARNING, "No base model yet: {0} round={1}", trouble, order().key());
                                station.later(share.backoff().next(), serial, this::fetchBase);
                            }
                        },
                        serial);
    }

    private Examination layout(Path base) {
        try {
            return Examination.against(base, order().model());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The order as the controller lists it now: perhaps under another epoch, perhaps asking for more. */
    void adopt(Order fresh) {
        serial.execute(() -> {
            Order former = order();
            share.adopt(fresh);
            boolean outdated = fresh.epoch() != former.epoch();
            if (phase().open()) {
                if (fresh.select().count() > former.select().count()
                        || fresh.policy().minUpdates() > former.policy().minUpdates()) {
                    enlistment.widen();
                }
            } else if (phase() == Phase.REPORTED && outdated) {
                share.to(Phase.CLOSING);
            }
            if (outdated && !participants.isEmpty()) {
                enlistment.reclaim();
            }
            check();
        });
    }

    /** @return done when it is */
    CompletableFuture<Void> cancel(String why) {
        return CompletableFuture.runAsync(
                () -> {
                    if (phase() != Phase.CANCELLED) {
                        end(why);
                    }
                },
                serial);
    }

    private void end(String why) {
        if (share.carriesOver() && phase().open()) {
            farewell.carryOver();
            farewell.carryAccepted();
        }
        farewell.dismiss(why);
        share.to(Phase.CANCELLED);
        farewell.rememberAccepted();
        share.remove();
    }

    // ---- what agents do and say

    void attached(Agent agent) {
        serial.execute(() -> {
            if (phase().open()) {
                participant(agent.client()).ifPresentOrElse(this::returned, this::recruit);
            }
        });
    }

    private void returned(Participant participant) {
        participant.back(share.station().now());
        if (participant.standing() == Standing.LOST) {
            enlistment.claim(List.of(participant.client())); // another combiner may have asked it meanwhile
        } else if (phase() == Phase.COLLECTING) {
            handout.offer(participant);
        }
    }

    void detached(UUID client, boolean forGood) {
        serial.execute(() -> {
            Participant participant = participant(client).orElse(null);
            if (participant == null
                    || !phase().open()
                    || share.station().registry().find(client).isPresent()) {
                return;
            }
            participant.gone(share.station().now());
            if (forGood && participant.standing() == Standing.ASKED) {
                vigil.lose(participant, "the agent left");
                judge();
            } else {
                share.station().later(share.station().config().detachGrace().plusMillis(1), serial, this::check);
            }
        });
    }

    CompletableFuture<Receipt> result(UUID client, TaskOutcome outcome) {
        return CompletableFuture.supplyAsync(
                        () -> {
                            Participant participant = participants.of(client).orElse(null);
                            if (participant == null || !participant.task().equals(outcome.task())) {
                                return CompletableFuture.completedFuture(
                                        new Receipt(Fate.LATE, "the task is not part of this round"));
                            }
                            return phase().open()
                                            || participant.standing() == Standing.CARRIED
                                            || participant.standing() == Standing.REJECTED
                                    ? intake.take(participant, outcome)
                                    : tooLate(participant, outcome);
                        },
                        serial)
                .thenCompose(answer -> answer);
    }

    private CompletableFuture<Receipt> tooLate(Participant participant, TaskOutcome outcome) {
        if (participant.standing() == Standing.ACCEPTED) {
            boolean same = Objects.equals(participant.digest(), outcome.digest());
            return CompletableFuture.completedFuture(
                    same ? Receipt.ACCEPTED : new Receipt(Fate.DUPLICATE, "another result of this client counts"));
        }
        participants.discard();
        intake.notice(participant.client(), outcome, Fate.LATE, "LATE", "the round had closed");
        return CompletableFuture.completedFuture(new Receipt(Fate.LATE, "the round has closed"));
    }

    void failed(UUID client, TaskTrouble trouble) {
        serial.execute(() -> {
            Participant participant = participants.of(client).orElse(null);
            if (participant == null
                    || !phase().open()
                    || !participant.task().equals(trouble.task())
                    || participant.standing() != Standing.ASKED && participant.standing() != Standing.LOST) {
                return;
            }
            intake.settle(participant, Standing.FAILED, Fate.FAILED, trouble.reason() + ": " + trouble.message());
            tellTrouble(client, trouble);
            check();
        });
    }

    private void tellTrouble(UUID client, TaskTrouble trouble) {
        share.station()
                .notices()
                .update(
                        order().roundId(),
                        new UpdateNotice(
                                client,
                                null,
                                0,
                                0,
                                Fate.FAILED,
                                trouble.reason(),
                                trouble.message(),
                                trouble.logTail(),
                                Map.of(),
                                trouble.timings()));
    }

    // ---- the course of it

    /** Looks at leases, graces and the deadline; harmless at any time. */
    void check() {
        serial.execute(() -> {
            if (phase().open()) {
                vigil.loseTheSilent();
                recruit();
                judge();
            } else if (phase() == Phase.CLOSING) {
                reporting.lookAgain();
            }
        });
    }

    private void recruit() {
        if (!begun) {
            return;
        }
        if (phase().open() && participants.isEmpty() && enlistment.allAtWork()) {
            close("every client is at work");
        } else {
            enlistment.recruit();
        }
    }

    private void enlisted() {
        opened();
        reporting.report();
    }

    /** Once the base model is here and somebody is claimed, everybody gets the task. */
    private void opened() {
        if (phase() == Phase.OPENING && share.base().isDone() && !participants.isEmpty()) {
            share.to(Phase.COLLECTING);
            reporting.opened();
        }
        if (phase() == Phase.COLLECTING) {
            handout.offerAll();
            judge();
        }
    }

    private void judge() {
        if (begun && phase().open()) {
            vigil.over(enlistment.claiming()).ifPresent(this::close);
        }
    }

    private void close(@Nullable String why) {
        intake.commit();
        reporting.closed(why);
        share.note(List.of(Fact.closed(why == null ? "" : why)));
        share.to(Phase.CLOSING);
        if (share.carriesOver()) {
            farewell.carryOver();
        }
        vigil.tellLate();
        farewell.dismiss("the round has closed");
        reporting.report();
    }
}
