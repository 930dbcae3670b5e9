package io.foedus.combiner.collection.control;

import io.foedus.combiner.agents.entity.Agent;
import io.foedus.combiner.agents.entity.TaskOffer;
import io.foedus.combiner.collection.entity.Fact;
import io.foedus.combiner.collection.entity.Participant;
import io.foedus.combiner.collection.entity.Phase;
import io.foedus.combiner.collection.entity.Receipt;
import io.foedus.combiner.collection.entity.Standing;
import io.foedus.combiner.collection.entity.TaskOutcome;
import io.foedus.combiner.collection.entity.TaskTrouble;
import io.foedus.combiner.liveness.Backoff;
import io.foedus.combiner.uplink.entity.Fate;
import io.foedus.combiner.uplink.entity.Order;
import io.foedus.combiner.uplink.entity.ShareAnswer;
import io.foedus.combiner.uplink.entity.TaskKind;
import io.foedus.combiner.uplink.entity.UpdateNotice;
import io.foedus.core.models.Digest;
import io.foedus.core.round.RoundPolicy;
import io.foedus.core.round.Tally;
import io.foedus.core.round.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One share in flight. Every public method returns at once; what it asks for happens on the collection's serial
 * executor.
 *
 * <p>The class is the order of events and nothing else: whom to choose is {@link Recruiter}'s, what to accept
 * {@link Intake}'s, how to end {@link Closing}'s, when to end {@link RoundPolicy}'s.
 */
public final class Collection {
    private static final Logger LOG = System.getLogger(Collection.class.getName());
    /** How long a share without enough promising clients waits for lost ones to come back before it gives up. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Station station;
    private final SerialExecutor serial;
    private final ShareSpool spool;
    private final Participants participants = new Participants();
    private final Intake intake;
    private final CompletableFuture<Examination> base = new CompletableFuture<>();
    private final Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10), new Random());
    private final Instant received;
    private final Instant begun;
    private volatile Order order;
    private volatile Phase phase = Phase.OPENING;
    private int claiming;
    private boolean widened;
    private boolean reporting;
    private @Nullable Instant lastLoss;
    private @Nullable Instant opened;
    private @Nullable Instant closed;
    private @Nullable String reason;

    /** @throws IOException if the share's directory cannot be made or its journal not read */
    Collection(Station station, Order order) throws IOException {
        this.station = station;
        this.order = order;
        this.serial = new SerialExecutor(station.workers());
        this.spool = new ShareSpool(station.spool().share(order.key()));
        this.received = station.now();
        this.begun = received.plusMillis(order.remainingMillis())
                .minusMillis(order.policy().maxWaitMillis());
        this.intake = new Intake(station, serial, spool, order, base, this::judge);
    }

    public Order order() {
        return order;
    }

    public Phase phase() {
        return phase;
    }

    /** Where it stands; a snapshot. */
    public Tally tally() {
        return participants.tally();
    }

    /** The participant that works on a task, or did. */
    java.util.Optional<Participant> participant(UUID client) {
        return participants.of(client);
    }

    /** Whether a result of that task would still be taken. */
    boolean wants(UUID client, UUID task) {
        return phase.open()
                && participants
                        .of(client)
                        .filter(one -> one.task().equals(task))
                        .filter(one -> one.standing() != Standing.REJECTED && one.standing() != Standing.FAILED)
                        .isPresent();
    }

    /** Largest acceptable file in bytes; a guess from the base model's size until it is here. */
    long mostBytes() {
        return base.isDone() && !base.isCompletedExceptionally()
                ? base.join().mostBytes()
                : 2 * order.model().size() + (1L << 20);
    }

    // ---- events from outside

    void begin() {
        station.models().hold(new Digest(order.model().digest()));
        serial.execute(() -> {
            restore();
            fetchBase();
            if (participants.isEmpty()) {
                recruit();
                report();
            } else {
                reclaim();
            }
        });
    }

    /** The order as the controller lists it now: perhaps under another epoch, perhaps asking for more. */
    void adopt(Order fresh) {
        serial.execute(() -> {
            Order former = order;
            order = fresh;
            boolean outdated = fresh.epoch() != former.epoch();
            if (phase.open()) {
                widened |= fresh.select().count() > former.select().count()
                        || fresh.policy().minUpdates() > former.policy().minUpdates();
            } else if (phase == Phase.REPORTED && outdated) {
                phase = phase.to(Phase.CLOSING);
            }
            if (outdated && !participants.isEmpty()) {
                reclaim();
            }
            check();
        });
    }

    void cancel(String why) {
        serial.execute(() -> {
            if (phase == Phase.CANCELLED) {
                return;
            }
            dismiss(why);
            phase = phase.to(Phase.CANCELLED);
            station.models().release(new Digest(order.model().digest()));
            try {
                rememberAccepted();
                spool.remove();
            } catch (IOException e) {
                LOG.log(Level.WARNING, "Cannot remove a share: {0} round={1}", e.toString(), order.key());
            }
        });
    }

    void attached(Agent agent) {
        serial.execute(() -> {
            if (!phase.open()) {
                return;
            }
            participants.of(agent.client()).ifPresentOrElse(this::returned, this::recruit);
        });
    }

    void detached(UUID client, boolean forGood) {
        serial.execute(() -> {
            Participant participant = participants.of(client).orElse(null);
            if (participant == null
                    || !phase.open()
                    || station.registry().find(client).isPresent()) {
                return;
            }
            participant.gone(station.now());
            if (forGood && participant.standing() == Standing.ASKED) {
                lose(participant, "the agent left");
                judge();
            } else {
                station.later(station.config().detachGrace().plusMillis(1), serial, this::check);
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
                            return phase.open() ? intake.take(participant, outcome) : tooLate(participant, outcome);
                        },
                        serial)
                .thenCompose(answer -> answer);
    }

    void failed(UUID client, TaskTrouble trouble) {
        serial.execute(() -> {
            Participant participant = participants.of(client).orElse(null);
            if (participant == null
                    || !phase.open()
                    || !participant.task().equals(trouble.task())
                    || participant.standing() != Standing.ASKED && participant.standing() != Standing.LOST) {
                return;
            }
            intake.settle(participant, Standing.FAILED, Fate.FAILED, trouble.reason() + ": " + trouble.message());
            tellTrouble(client, trouble);
            check();
        });
    }

    /** Looks at leases, graces and the deadline; harmless at any time. */
    void check() {
        serial.execute(() -> {
            if (!phase.open()) {
                return;
            }
            Instant now = station.now();
            for (Participant participant : participants.all()) {
                if (participant.standing() == Standing.ASKED && overdue(participant, now)) {
                    lose(
                            participant,
                            participant.goneSince() != null ? "its stream broke" : "nothing heard of its task");
                }
            }
            recruit();
            judge();
        });
    }

    // ---- opening

    private void restore() {
        for (Fact fact : spool.past()) {
            if (fact.kind() == Fact.Kind.CLOSED) {
                phase = phase.to(Phase.CLOSING);
                reason = fact.reason();
                return;
            }
            UUID client = Objects.requireNonNull(fact.client());
            switch (fact.kind()) {
                case ASKED -> {
                    Participant participant = new Participant(client, Objects.requireNonNull(fact.task()), received);
                    participant.gone(received.plus(Station.SETTLING));
                    participants.add(participant);
                }
                case ACCEPTED ->
                    participants.of(client).ifPresent(one -> {
                        if (order.kind() == TaskKind.VALIDATE
                                || spool.present(client).isPresent()) {
                            one.restore(Standing.ACCEPTED);
                            one.accept(fact);
                            if (order.kind() == TaskKind.VALIDATE) {
                                intake.tellValidation(fact);
                            }
                        }
                    });
                case SETTLED ->
                    participants
                            .of(client)
                            .ifPresent(one -> one.restore(
                                    fact.fate() == Fate.REJECTED
                                            ? Standing.REJECTED
                                            : fact.fate() == Fate.LATE ? Standing.LOST : Standing.FAILED));
                default -> throw new IllegalStateException("an unknown fact " + fact);
            }
        }
        if (!participants.isEmpty()) {
            LOG.log(
                    Level.INFO,
                    "Restored a share: {0} asked, {1} accepted round={2}",
                    participants.all().size(),
                    participants.tally().accepted(),
                    order.key());
        }
    }

    private void fetchBase() {
        station.models()
                .get(new Digest(order.model().digest()))
                .thenApplyAsync(
                        path -> {
                            try {
                                return Examination.against(path, order.model());
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        },
                        station.workers())
                .whenCompleteAsync(
                        (rules, trouble) -> {
                            if (rules != null) {
                                backoff.recovered();
                                base.complete(rules);
                                opened();
                            } else if (phase.open()) {
                                LOG.log(Level.WARNING, "No base model yet: {0} round={1}", trouble, order.key());
                                station.later(backoff.next(), serial, this::fetchBase);
                            }
                        },
                        serial);
    }

    private void recruit() {
        if (claiming > 0 || !phase.open()) {
            return;
        }
        List<Agent> eligible = Recruiter.eligible(
                order,
                station.registry().all(),
                client -> participants.of(client).isPresent());
        int count = order.select().count();
        int wish;
        if (participants.isEmpty() || widened) {
            int wanted = count > 0 ? count - participants.all().size() : eligible.size();
            int likely = count > 0
                    ? wanted
                    : Math.max(order.policy().minUpdates(), order.policy().targetUpdates());
            if (eligible.size() < likely && station.settling()) {
                return; // the agents of an earlier run may still be on their way
            }
            wish = wanted;
        } else {
            wish = order.policy().minUpdates() - participants.promising();
        }
        if (wish > 0 && !eligible.isEmpty()) {
            widened = false;
            claim(Recruiter.choose(order, eligible, wish));
        }
    }

    /** Under a new epoch, or after a restart: says again who takes part here. */
    private void reclaim() {
        claim(participants.all().stream()
                .filter(one -> one.standing() != Standing.REJECTED && one.standing() != Standing.FAILED)
                .map(Participant::client)
                .toList());
    }

    private void claim(List<UUID> clients) {
        claiming++;
        CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                Order current = order;
                                return station.uplink()
                                        .call(me -> station.uplink()
                                                .controller()
                                                .claim(me, current.roundId(), current.kind(), clients));
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        },
                        station.workers())
                .whenCompleteAsync(
                        (granted, trouble) -> {
                            claiming--;
                            if (granted != null && phase.wanted()) {
                                backoff.recovered();
                                claimed(clients, granted);
                            } else if (phase.wanted()) {
                                LOG.log(Level.DEBUG, "Cannot claim: {0} round={1}", trouble, order.key());
                                claiming++;
                                station.later(backoff.next(), serial, () -> {
                                    claiming--;
                                    if (phase.wanted()) {
                                        claim(clients);
                                    }
                                });
                            }
                        },
                        serial);
    }

    private void claimed(List<UUID> clients, Set<UUID> granted) {
        List<Fact> asked = new ArrayList<>();
        for (UUID client : clients) {
            Participant known = participants.of(client).orElse(null);
            if (known == null && granted.contains(client)) {
                Participant participant = new Participant(client, UUID.randomUUID(), station.now());
                participants.add(participant);
                asked.add(Fact.asked(client, participant.task()));
            } else if (known != null && !granted.contains(client)) {
                leaveToOthers(known);
            } else if (known != null && known.standing() == Standing.LOST && phase.open()) {
                known.to(Standing.ASKED);
            }
        }
        if (!asked.isEmpty()) {
            try {
                spool.write(asked);
            } catch (IOException e) {
                LOG.log(Level.WARNING, "Cannot note who was asked: {0} round={1}", e.toString(), order.key());
            }
        }
        opened();
        report();
    }

    /** Once the base model is here and somebody is claimed, everybody gets the task. */
    private void opened() {
        if (phase == Phase.OPENING && base.isDone() && !participants.isEmpty()) {
            phase = phase.to(Phase.COLLECTING);
            opened = station.now();
        }
        if (phase == Phase.COLLECTING) {
            participants.all().forEach(this::offer);
            judge();
        }
    }

    private void offer(Participant participant) {
        Agent agent = station.registry().find(participant.client()).orElse(null);
        if (participant.standing() != Standing.ASKED || participant.offeredOn(agent)) {
            return;
        }
        if (agent == null) {
            participant.gone(station.now());
            return;
        }
        participant.back(station.now());
        participant.offered(agent);
        station.attendance().working(agent.client(), true);
        if (!agent.held().contains(participant.task())) {
            agent.channel().offer(new TaskOffer(participant.task(), order, remaining()));
        }
    }

    private void returned(Participant participant) {
        participant.back(station.now());
        if (participant.standing() == Standing.LOST) {
            claim(List.of(participant.client())); // another combiner may have asked it meanwhile
        } else if (phase == Phase.COLLECTING) {
            offer(participant);
        }
    }

    // ---- collecting

    private boolean overdue(Participant participant, Instant now) {
        Instant gone = participant.goneSince();
        if (gone != null) {
            return now.isAfter(gone.plus(station.config().detachGrace()));
        }
        return phase == Phase.COLLECTING
                && now.isAfter(participant.lastAlive().plus(station.config().clientLease()));
    }

    private void lose(Participant participant, String why) {
        participant.to(Standing.LOST);
        lastLoss = station.now();
        if (order.kind() == TaskKind.TRAIN) {
            station.notices().update(order.roundId(), UpdateNotice.lost(participant.client(), why));
        }
        station.attendance().working(participant.client(), false);
        station.notices().event("WARNING", "CLIENT_LOST", "client lost: " + why, participant.client(), order.roundId());
        LOG.log(Level.INFO, "A client is lost: {0} client={1} round={2}", why, participant.client(), order.key());
    }

    private void leaveToOthers(Participant participant) {
        boolean measured = order.kind() == TaskKind.VALIDATE && participant.standing() == Standing.ACCEPTED;
        if (!measured && participant.standing() != Standing.FAILED && participant.standing() != Standing.REJECTED) {
            intake.settle(participant, Standing.FAILED, Fate.DUPLICATE, "the client counts at another combiner");
            station.registry()
                    .find(participant.client())
                    .ifPresent(agent -> agent.channel().cancel(participant.task(), "counted elsewhere"));
        }
    }

    private void judge() {
        if (!phase.open()) {
            return;
        }
        Duration elapsed = Duration.between(begun, station.now());
        RoundPolicy policy = policy();
        boolean over = elapsed.compareTo(policy.maxWait()) >= 0;
        if (participants.isEmpty()) {
            if (over) {
                close("no client was attached");
            }
            return;
        }
        Verdict verdict = policy.judge(participants.tally(), elapsed);
        if (verdict == Verdict.CLOSE) {
            close(null);
        } else if (verdict == Verdict.ABORT && (over || !hopeful())) {
            close("fewer than " + policy.minUpdates() + " updates "
                    + (over ? "came before the deadline" : "can still come"));
        }
    }

    /** Whether somebody may still join or come back before it makes sense to give up. */
    private boolean hopeful() {
        Instant loss = lastLoss;
        return claiming > 0
                || station.settling()
                || participants.count(Standing.LOST) > 0
                        && loss != null
                        && station.now().isBefore(loss.plus(PATIENCE));
    }

    private RoundPolicy policy() {
        Order.Policy policy = order.policy();
        int least = Math.max(1, policy.minUpdates());
        int target = policy.targetUpdates() == 0 ? Integer.MAX_VALUE : Math.max(least, policy.targetUpdates());
        Duration most = Duration.ofMillis(Math.max(0, policy.maxWaitMillis()));
        return new RoundPolicy(
                least, target, Duration.ofMillis(Math.min(policy.minWaitMillis(), most.toMillis())), most);
    }

    private Duration remaining() {
        Duration left =
                Duration.between(station.now(), begun.plusMillis(order.policy().maxWaitMillis()));
        return left.isNegative() ? Duration.ZERO : left;
    }

    // ---- closing

    private void close(@Nullable String why) {
        intake.commit();
        reason = why;
        closed = station.now();
        try {
            spool.write(List.of(Fact.closed(why == null ? "" : why)));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Cannot note the closing: {0} round={1}", e.toString(), order.key());
        }
        phase = phase.to(Phase.CLOSING);
        dismiss("the round has closed");
        report();
    }

    /** Takes the task back from everybody who still works on it. */
    private void dismiss(String why) {
        List<Ledger.Line> late = new ArrayList<>();
        for (Participant participant : participants.all()) {
            if (participant.standing().outstanding()) {
                participant.to(Standing.LOST);
                station.attendance().working(participant.client(), false);
                station.registry()
                        .find(participant.client())
                        .ifPresent(agent -> agent.channel().cancel(participant.task(), why));
            }
            if (participant.standing() == Standing.LOST) {
                late.add(new Ledger.Line(
                        participant.task(), participant.client(), order.roundId(), null, Fate.LATE, why));
                try {
                    station.uploads().discard(participant.task());
                } catch (IOException e) {
                    LOG.log(Level.DEBUG, "Cannot remove an upload: {0}", e.toString());
                }
            }
        }
        remember(late);
    }

    private void remember(List<Ledger.Line> lines) {
        try {
            station.ledger().note(lines);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Cannot write the ledger: {0} round={1}", e.toString(), order.key());
        }
    }

    private void rememberAccepted() {
        remember(participants.accepted().stream()
                .map(fact -> new Ledger.Line(
                        Objects.requireNonNull(fact.task()),
                        Objects.requireNonNull(fact.client()),
                        order.roundId(),
                        fact.digest(),
                        Fate.ACCEPTED,
                        null))
                .toList());
    }

    private void report() {
        if (reporting || claiming > 0 || phase != Phase.CLOSING) {
            return;
        }
        reporting = true;
        Closing closing = new Closing(
                station, order, spool, participants.accepted(), participants.tally(), timings(), emptyToNull(reason));
        CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return closing.run();
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        },
                        station.workers())
                .whenCompleteAsync(
                        (answer, trouble) -> {
                            reporting = false;
                            if (phase == Phase.CLOSING) {
                                reported(answer, trouble);
                            }
                        },
                        serial);
    }

    private void reported(@Nullable ShareAnswer answer, @Nullable Throwable trouble) {
        if (answer instanceof ShareAnswer.Recorded) {
            backoff.recovered();
            phase = phase.to(Phase.REPORTED);
            LOG.log(
                    Level.INFO,
                    "A share is reported: {0} updates round={1} number={2}",
                    participants.tally().accepted(),
                    order.key(),
                    order.roundNumber());
        } else if (answer instanceof ShareAnswer.Conflicting conflicting) {
            conflicting.clients().forEach(client -> participants.of(client).ifPresent(this::leaveToOthers));
            report();
        } else {
            if (backoff.fresh()) {
                LOG.log(
                        Level.WARNING,
                        "Cannot report a share yet: {0} round={1}",
                        answer != null ? answer : trouble,
                        order.key());
            }
            station.later(backoff.next(), serial, this::report);
        }
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

    private void tellTrouble(UUID client, TaskTrouble trouble) {
        station.notices()
                .update(
                        order.roundId(),
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

    private Map<String, Double> timings() {
        Map<String, Double> timings = new HashMap<>();
        Instant first = opened;
        Instant last = closed;
        if (first != null) {
            timings.put("openMillis", (double) Duration.between(received, first).toMillis());
            if (last != null) {
                timings.put(
                        "collectMillis", (double) Duration.between(first, last).toMillis());
            }
        }
        return timings;
    }

    private static @Nullable String emptyToNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}
