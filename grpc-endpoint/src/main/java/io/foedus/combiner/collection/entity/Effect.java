package io.foedus.combiner.collection.entity;

import io.foedus.core.exchange.CombinerEvent;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.UpdateNotice;
import io.foedus.core.exchange.ValidationNotice;
import io.foedus.core.round.Tally;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is to be done about an event. Effects are carried out in order; what takes long comes back as an event. */
public sealed interface Effect {
    // ---- the controller

    /** Ask which of the clients take part here; comes back as {@link Event.Granted} or {@link Event.NotGranted}. */
    record Claim(List<UUID> clients) implements Effect {}

    /**
     * Fold what was accepted and tell the controller; comes back as {@link Event.Answered} or
     * {@link Event.NotReported}.
     *
     * @param accepted in client-id order
     * @param restored clients whose updates an earlier run took: their bytes are checked once more
     * @param reason why there is less than was wanted
     */
    record Report(
            Order order,
            List<Fact> accepted,
            Set<UUID> restored,
            Tally tally,
            Map<String, Double> timings,
            @Nullable String reason)
            implements Effect {}

    /** Get the base model, however long it takes; comes back as {@link Event.BaseArrived}. */
    record FetchBase() implements Effect {}

    /** Keep a model in the cache for as long as the share lives. */
    record Hold(String digest) implements Effect {}

    /** The fate of one update, for people to see. */
    record Notify(UpdateNotice notice) implements Effect {}

    /** What a client measured. */
    record NotifyMeasured(ValidationNotice notice) implements Effect {}

    /** Something people may want to read. */
    record Announce(CombinerEvent event) implements Effect {}

    /** The same, unless something of that key has been announced lately. */
    record AnnounceOnce(String key, CombinerEvent event) implements Effect {}

    // ---- clients

    /**
     * Name the tasks of clients that take part, and take over what they work on; comes back at once as
     * {@link Event.Enlisted}.
     */
    record Enlist(List<UUID> clients) implements Effect {}

    /** Hand a task out over a stream. */
    record Offer(UUID client, UUID stream, UUID task, Duration remaining) implements Effect {}

    /** Take a task back. */
    record Cancel(UUID client, UUID task, String why) implements Effect {}

    /** Note whether a client has a task. */
    record Working(UUID client, boolean busy) implements Effect {}

    /** Say what became of a result. */
    record Answer(List<Long> replies, Receipt receipt) implements Effect {}

    /** Let the receipt come from whoever waits for that result now. */
    record PassOn(List<Long> replies, UUID client, TaskOutcome outcome) implements Effect {}

    // ---- files

    /** Check a result; comes back as {@link Event.Examined} or {@link Event.Unreadable}. */
    record Examine(UUID client, TaskOutcome outcome) implements Effect {}

    /** Take an upload's file over; comes back only if that fails, as {@link Event.Unreadable}. */
    record TakeOver(UUID client, TaskOutcome outcome) implements Effect {}

    /** Throw an upload away. */
    record Discard(UUID upload) implements Effect {}

    /**
     * Make results durable with one force to the disk; comes back at once as {@link Event.Committed} or
     * {@link Event.NotCommitted}.
     */
    record Commit(List<Fact> facts) implements Effect {}

    /** Write facts to the journal; a disk that cannot is a matter for the log: nothing that counts goes this way. */
    record Journal(List<Fact> facts) implements Effect {}

    /** Remember how tasks ended, for agents that ask again. */
    record Remember(List<TaskEnd> ends) implements Effect {}

    /** The end: nothing of the share is needed any more. */
    record Remove() implements Effect {}

    // ---- work between rounds

    /** Let a client work on for a later round. */
    record Keep(Work work) implements Effect {}

    /**
     * Let a result that is in the share's directory count in a later round; comes back only if that fails, as
     * {@link Event.NotGivenBack}.
     *
     * @param replies who still waits for its receipt
     */
    record GiveBack(Work work, TaskOutcome outcome, List<Long> replies) implements Effect {}

    /** Take back what a client of the session works on. */
    record CallBack(UUID client, String why) implements Effect {}

    // ---- time

    /** Let something happen after everything that is under way. */
    record Soon(Event then) implements Effect {}

    /** Let something happen after a while. */
    record Later(Duration after, Event then) implements Effect {}

    /**
     * Let something happen after a pause that grows with each failure.
     *
     * @param warning for the log, the first time
     */
    record Retry(Event then, @Nullable String warning) implements Effect {}

    /** What failed works again. */
    record Recovered() implements Effect {}

    /** Look at the clock after a while. */
    record Look(Duration after) implements Effect {}

    /** For the log. */
    record Log(String sentence) implements Effect {}
}
