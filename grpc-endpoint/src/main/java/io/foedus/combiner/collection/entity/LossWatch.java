package io.foedus.combiner.collection.entity;

import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.Severity;
import io.foedus.core.exchange.UpdateNotice;
import io.foedus.core.round.RoundPolicy;
import io.foedus.core.round.Tally;
import io.foedus.core.round.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Watches over clients and the clock: who is lost, and when the collection is over. */
final class LossWatch {
    /** How long a share without enough promising clients waits for lost ones to come back before it gives up. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Turn turn;

    LossWatch(Turn turn) {
        this.turn = turn;
    }

    /** Loses those that have been silent, or away, for too long. */
    void loseTheSilent(Map<UUID, Instant> heard) {
        for (Participant participant : turn.all()) {
            if (participant.standing() == Standing.ASKED && overdue(participant, heard.get(participant.client()))) {
                boolean gone = participant.presence().gone() != null;
                lose(participant, gone ? "its stream broke" : "nothing heard of its task");
            }
        }
    }

    private boolean overdue(Participant participant, @Nullable Instant heard) {
        Limits limits = turn.state().limits;
        Presence presence = participant.presence();
        if (presence.gone() != null) {
            return turn.now().isAfter(presence.gone().plus(limits.grace()));
        }
        Instant alive = heard != null && heard.isAfter(presence.alive()) ? heard : presence.alive();
        return turn.state().phase == Phase.COLLECTING && turn.now().isAfter(alive.plus(limits.lease()));
    }

    /** From now on nobody waits for it; if it comes back while the collection is open it counts again. */
    void lose(Participant participant, String why) {
        turn.put(participant.to(Standing.LOST));
        turn.state().lastLoss = turn.now();
        turn.then(new Effect.Working(participant.client(), false));
        tell(participant, why);
    }

    /** Says who was still at work when the time was up. */
    void tellLate(List<Participant> unfinished) {
        Duration most = policy().maxWait();
        if (turn.state().elapsed(turn.now()).compareTo(most) >= 0) {
            unfinished.forEach(participant -> tell(
                    participant, "it was still at work when the " + most.toSeconds() + " s of the round were over"));
        }
    }

    private void tell(Participant participant, String why) {
        UUID client = participant.client();
        if (turn.state().training()) {
            turn.then(new Effect.Notify(UpdateNotice.lost(client, why)));
        }
        turn.announce(Severity.WARNING, "CLIENT_LOST", "client lost: " + why, client);
        turn.then(new Effect.Log("A client is lost: " + why + " client=" + client + " round="
                + turn.order().key()));
    }

    /**
     * Whether the collection is over.
     *
     * @return why there is less than was wanted, blank if there is enough; empty while it goes on
     */
    Optional<String> over() {
        RoundPolicy policy = policy();
        Duration elapsed = turn.state().elapsed(turn.now());
        boolean late = elapsed.compareTo(policy.maxWait()) >= 0;
        if (turn.state().participants.isEmpty()) {
            return late ? Optional.of("no client was attached") : Optional.empty();
        }
        Tally tally = turn.state().tally();
        Verdict verdict = policy.judge(tally, elapsed);
        if (verdict == Verdict.CLOSE) {
            return Optional.of("");
        }
        // below its part of the minimum it still waits for those at work: other combiners may make up for it
        if (verdict == Verdict.ABORT && (late || tally.outstanding() == 0 && !hopeful())) {
            return Optional.of("fewer than " + policy.minUpdates() + " updates "
                    + (late ? "came before the deadline" : "can still come"));
        }
        return Optional.empty();
    }

    /** Whether somebody may still join or come back before it makes sense to give up. */
    private boolean hopeful() {
        Instant loss = turn.state().lastLoss;
        return turn.state().claiming > 0
                || turn.state().limits.settling(turn.now())
                || loss != null
                        && turn.now().isBefore(loss.plus(PATIENCE))
                        && turn.all().stream().anyMatch(one -> one.standing() == Standing.LOST);
    }

    private RoundPolicy policy() {
        Order.Policy policy = turn.order().policy();
        int least = Math.max(1, policy.minUpdates());
        int target = policy.targetUpdates() == 0 ? Integer.MAX_VALUE : Math.max(least, policy.targetUpdates());
        Duration most = Duration.ofMillis(Math.max(0, policy.maxWaitMillis()));
        return new RoundPolicy(
                least, target, Duration.ofMillis(Math.min(policy.minWaitMillis(), most.toMillis())), most);
    }
}
