package io.foedus.combiner.collection.control;

import io.foedus.combiner.agents.entity.TaskOffer;
import io.foedus.combiner.collection.control.CarriedWork.Taken;
import io.foedus.combiner.collection.entity.Effect;
import io.foedus.combiner.collection.entity.Event;
import io.foedus.combiner.collection.entity.Event.Enlisted.Enlistee;
import io.foedus.combiner.collection.entity.Receipt;
import io.foedus.combiner.collection.entity.TaskOutcome;
import io.foedus.combiner.collection.entity.Work;
import io.foedus.core.aggregation.FoldException;
import io.foedus.core.exchange.Fate;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.ShareAnswer;
import io.foedus.core.liveness.Backoff;
import io.foedus.core.models.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what one share has decided. Used on the share's serial executor; what takes long is done by the workers
 * and comes back as an event.
 */
final class Performer {
    private static final Logger LOG = System.getLogger(Performer.class.getName());

    /** Where results go that a share does not wait for any more. */
    @FunctionalInterface
    interface Elsewhere {
        CompletableFuture<Receipt> take(UUID client, TaskOutcome outcome);
    }

    private final CombinerContext context;
    private final Collection collection;
    private final SerialExecutor serial;
    private final ShareSpool spool;
    private final Elsewhere elsewhere;
    private final CompletableFuture<Examination> base = new CompletableFuture<>();
    private final Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10), new Random());
    private final List<Digest> held = new ArrayList<>();
    private final List<Taken> leaving = new ArrayList<>();
    private final Map<Long, CompletableFuture<Receipt>> expected = new HashMap<>();
    private final Map<Class<?>, Consumer<Effect>> actions = new HashMap<>();
    private long replies;

    /** @param elsewhere takes results of participants that have been carried over to a later round */
    Performer(
            CombinerContext context,
            Collection collection,
            SerialExecutor serial,
            ShareSpool spool,
            Elsewhere elsewhere) {
        this.context = context;
        this.collection = collection;
        this.serial = serial;
        this.spool = spool;
        this.elsewhere = elsewhere;
        learn();
    }

    private void learn() {
        on(Effect.Claim.class, this::claim);
        on(Effect.Report.class, this::report);
        on(Effect.FetchBase.class, fetch -> fetchBase());
        on(Effect.Hold.class, hold -> hold(hold.digest()));
        on(Effect.Notify.class, it -> context.notices().update(order().roundId(), it.notice()));
        on(Effect.NotifyMeasured.class, it -> context.notices().validations().add(order().roundId(), it.notice()));
        on(Effect.Announce.class, it -> context.notices().event(it.event()));
        on(Effect.AnnounceOnce.class, it -> context.notices().once(it.key(), it.event()));
        on(Effect.Enlist.class, this::enlist);
        on(Effect.Offer.class, this::offer);
        on(Effect.Cancel.class, this::cancel);
        on(Effect.Working.class, it -> context.attendance().working(it.client(), it.busy()));
        on(Effect.Answer.class, it -> answer(it.replies(), it.receipt()));
        on(Effect.PassOn.class, it -> passOn(it.replies(), it.client(), it.outcome()));
        on(Effect.Examine.class, this::examine);
        on(Effect.TakeOver.class, this::takeOver);
        on(Effect.Discard.class, this::discard);
        on(Effect.Commit.class, this::commit);
        on(Effect.Journal.class, this::journal);
        on(Effect.Remember.class, this::remember);
        on(Effect.Remove.class, remove -> remove());
        on(Effect.Keep.class, it -> {}); // has been done by keep()
        on(Effect.GiveBack.class, this::giveBack);
        on(Effect.CallBack.class, this::callBack);
        on(Effect.Soon.class, it -> serial.execute(() -> collection.happen(it.then())));
        on(Effect.Later.class, it -> later(it.after(), it.then()));
        on(Effect.Retry.class, this::retry);
        on(Effect.Recovered.class, recovered -> backoff.recovered());
        on(Effect.Look.class, this::look);
        on(Effect.Log.class, it -> LOG.log(Level.INFO, "{0}", it.sentence()));
        if (!actions.keySet().equals(Set.of(Effect.class.getPermittedSubclasses()))) {
            throw new IllegalStateException("an effect is known that nothing is done about");
        }
    }

    private <E extends Effect> void on(Class<E> kind, Consumer<E> action) {
        actions.put(kind, effect -> action.accept(kind.cast(effect)));
    }

    /** Hands work that goes on between rounds over; what else there is to do comes after the new state is seen. */
    void keep(List<Effect> effects) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Keep it) {
                context.carry().keep(it.work(), null);
            }
        }
    }

    /** In order; one that goes wrong unexpectedly does not keep the others from being carried out. */
    void perform(List<Effect> effects) {
        for (Effect effect : effects) {
            try {
                Objects.requireNonNull(actions.get(effect.getClass())).accept(effect);
            } catch (RuntimeException | Error e) {
                LOG.log(
                        Level.ERROR,
                        "A step of a collection failed: " + effect.getClass().getSimpleName(),
                        e);
            }
        }
    }

    private Order order() {
        return collection.order();
    }

    // ---- the controller

    private void claim(Effect.Claim claim) {
        List<UUID> clients = claim.clients();
        CompletableFuture.supplyAsync(() -> ask(clients), context.workers())
                .whenCompleteAsync(
                        (granted, trouble) -> {
                            if (granted != null) {
                                collection.happen(new Event.Granted(clients, granted));
                            } else {
                                LOG.log(Level.DEBUG, "Cannot claim: {0} round={1}", trouble, order().key());
                                collection.happen(new Event.NotGranted(clients));
                            }
                        },
                        serial);
    }

    private Set<UUID> ask(List<UUID> clients) {
        Order order = order();
        var uplink = context.uplink();
        try {
            return uplink.call(me -> uplink.controller().claim(me, order.roundId(), order.kind(), clients));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void report(Effect.Report report) {
        CompletableFuture.completedFuture(report)
                .thenCompose(it -> Closing.of(context, spool, it))
                .thenCompose(this::run)
                .whenCompleteAsync(
                        (answer, trouble) ->
                                collection.happen(answer != null ? new Event.Answered(answer) : notReported(trouble)),
                        serial);
    }

    /** Runs it on a worker when it is its turn: closings never take all workers. */
    private CompletableFuture<ShareAnswer> run(Closing closing) {
        CompletableFuture<ShareAnswer> answer = new CompletableFuture<>();
        context.closings()
                .enter(() -> context.workers().execute(() -> {
                    try {
                        answer.complete(closing.run());
                    } catch (IOException | RuntimeException | Error e) {
                        answer.completeExceptionally(e);
                    } finally {
                        context.closings().leave();
                    }
                }));
        return answer;
    }

    private static Event notReported(Throwable trouble) {
        Throwable cause = trouble;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof FoldException broken && broken.culprit().isPresent()
                ? new Event.NotReported(broken.culprit().map(UUID::fromString), String.valueOf(broken.getMessage()))
                : new Event.NotReported(Optional.empty(), trouble.toString());
    }

    private void fetchBase() {
        Order order = order();
        context.models()
                .get(new Digest(order.model().digest()))
                .thenApplyAsync(path -> layout(path, order.model()), context.workers())
                .whenCompleteAsync(
                        (rules, trouble) -> {
                            if (rules != null) {
                                base.complete(rules);
                                collection.happen(new Event.BaseArrived(rules.mostBytes()));
                            } else if (collection.state().phase().open()) {
                                LOG.log(Level.WARNING, "No base model yet: {0} round={1}", trouble, order.key());
                                context.later(backoff.next(), serial, this::fetchBase);
                            }
                        },
                        serial);
    }

    private static Examination layout(Path base, Order.Model model) {
        try {
            return Examination.against(base, model);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keeps a model in the cache for as long as the share lives. */
    void hold(String digest) {
        Digest model = new Digest(digest);
        context.models().hold(model);
        held.add(model);
    }

    // ---- clients

    private void enlist(Effect.Enlist enlist) {
        List<Enlistee> joining = new ArrayList<>();
        for (UUID client : enlist.clients()) {
            Optional<Taken> taken = collection.state().carriesOver()
                    ? context.carry().look(order().sessionId(), client)
                    : Optional.empty();
            taken.ifPresent(leaving::add);
            joining.add(
                    taken.map(this::takenOver).orElseGet(() -> new Enlistee(client, UUID.randomUUID(), null, null)));
        }
        collection.follow(new Event.Enlisted(joining));
    }

    /** What was looked at is the share's now; what arrived of it since is delivered here. */
    void handOver() {
        for (Taken seen : leaving) {
            TaskOutcome arrived = context.carry().take(seen);
            if (arrived != null && seen.outcome() == null) {
                collection.follow(collection.delivered(seen.work().client(), arrived, seen.answer()));
            }
        }
        leaving.clear();
    }

    private Enlistee takenOver(Taken taken) {
        Work work = taken.work();
        TaskOutcome arrived = taken.outcome();
        return new Enlistee(
                work.client(),
                work.task(),
                work.origin(),
                arrived == null ? null : collection.delivered(work.client(), arrived, taken.answer()));
    }

    private void offer(Effect.Offer offer) {
        context.registry()
                .find(offer.client())
                .filter(agent -> agent.stream().equals(offer.stream())) // a newer one is told of in a moment
                .ifPresent(agent -> agent.channel().offer(new TaskOffer(offer.task(), order(), offer.remaining())));
    }

    private void cancel(Effect.Cancel cancel) {
        context.registry()
                .find(cancel.client())
                .ifPresent(agent -> agent.channel().cancel(cancel.task(), cancel.why()));
    }

    /** @return the number of a receipt that somebody waits for */
    long expect(CompletableFuture<Receipt> answer) {
        replies++;
        expected.put(replies, answer);
        return replies;
    }

    private void answer(List<Long> numbers, Receipt receipt) {
        for (Long number : numbers) {
            CompletableFuture<Receipt> answer = expected.remove(number);
            if (answer != null) {
                answer.complete(receipt);
            }
        }
    }

    private void passOn(List<Long> numbers, UUID client, TaskOutcome outcome) {
        elsewhere
                .take(client, outcome)
                .whenCompleteAsync(
                        (receipt, trouble) -> answer(
                                numbers,
                                receipt != null
                                        ? receipt
                                        : new Receipt(Fate.LATE, "the round closed while it was being checked")),
                        serial);
    }

    // ---- files

    private void examine(Effect.Examine examine) {
        UUID client = examine.client();
        TaskOutcome outcome = examine.outcome();
        base.thenApplyAsync(rules -> judge(rules, client, outcome), context.workers())
                .whenCompleteAsync(
                        (verdict, trouble) -> {
                            if (verdict != null) {
                                collection.happen(new Event.Examined(client, verdict.refusal(), verdict.cast()));
                            } else {
                                tellUnreadable(trouble);
                                collection.happen(new Event.Unreadable(client));
                            }
                        },
                        serial);
    }

    private Examination.Verdict judge(Examination rules, UUID client, TaskOutcome outcome) {
        try {
            return rules.judge(
                    upload(outcome), outcome.size(), Objects.requireNonNull(outcome.digest()), spool.unpacked(client));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path upload(TaskOutcome outcome) throws IOException {
        return context.uploads()
                .complete(outcome.upload(), new Digest(Objects.requireNonNull(outcome.digest())))
                .orElseThrow(() -> new IOException("the upload " + outcome.upload() + " is gone"));
    }

    private void takeOver(Effect.TakeOver takeOver) {
        try {
            spool.adopt(takeOver.client(), upload(takeOver.outcome()));
        } catch (IOException e) {
            tellUnreadable(e);
            collection.follow(new Event.Unreadable(takeOver.client()));
        }
    }

    private void tellUnreadable(@Nullable Throwable trouble) {
        LOG.log(Level.WARNING, "Cannot examine an update: {0} round={1}", trouble, order().key());
    }

    private void discard(Effect.Discard discard) {
        try {
            context.uploads().discard(discard.upload());
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Cannot remove an upload: {0}", e.toString());
        }
    }

    private void commit(Effect.Commit commit) {
        try {
            spool.write(commit.facts());
            collection.follow(new Event.Committed(commit.facts()));
        } catch (IOException | RuntimeException | Error e) { // whatever it is, the share must not wait for it
            LOG.log(
                    Level.ERROR,
                    "The spool cannot be written, trying again: {0} round={1}",
                    e.toString(),
                    order().key());
            collection.follow(new Event.NotCommitted());
        }
    }

    private void journal(Effect.Journal journal) {
        try {
            spool.write(journal.facts());
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Cannot write the journal of a share: {0} round={1}", e.toString(), order().key());
        }
    }

    private void remember(Effect.Remember remember) {
        try {
            context.ledger().note(remember.ends());
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Cannot write the ledger: {0} round={1}", e.toString(), order().key());
        }
    }

    private void remove() {
        held.forEach(context.models()::release);
        held.clear();
        try {
            spool.remove();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Cannot remove a share: {0} round={1}", e.toString(), order().key());
        }
    }

    // ---- work between rounds

    private void giveBack(Effect.GiveBack back) {
        Work work = back.work();
        try {
            context.uploads()
                    .giveBack(
                            work.task(),
                            new Digest(Objects.requireNonNull(back.outcome().digest())),
                            spool.update(work.client()));
            context.carry().keep(work, back.outcome());
            if (!back.replies().isEmpty()) {
                passOn(back.replies(), work.client(), back.outcome());
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Cannot keep an update for a later round: {0}", e.toString());
            answer(back.replies(), new Receipt(Fate.LATE, "the round closed while the update was being checked"));
            collection.follow(new Event.NotGivenBack(work.client()));
        }
    }

    private void callBack(Effect.CallBack back) {
        CarriedWork carry = context.carry();
        carry.of(order().sessionId()).stream()
                .filter(work -> work.client().equals(back.client()))
                .forEach(work -> carry.drop(work, back.why()));
    }

    // ---- time

    private void later(Duration after, Event then) {
        context.later(after, serial, () -> collection.happen(then));
    }

    private void retry(Effect.Retry retry) {
        if (retry.warning() != null && backoff.fresh()) {
            LOG.log(Level.WARNING, "{0}", retry.warning());
        }
        later(backoff.next(), retry.then());
    }

    private void look(Effect.Look look) {
        if (look.after().isZero()) {
            collection.check();
        } else {
            context.later(look.after(), serial, collection::check);
        }
    }
}
