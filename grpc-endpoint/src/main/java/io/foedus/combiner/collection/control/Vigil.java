package io.foedus.combiner.collection.control;

import io.foedus.combiner.collection.entity.Participant;
import io.foedus.combiner.collection.entity.Phase;
import io.foedus.combiner.collection.entity.Standing;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.Severity;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.exchange.UpdateNotice;
import io.foedus.core.round.RoundPolicy;
import io.foedus.core.round.Tally;
import io.foedus.core.round.Verdict;
import java.lang.System.Logger.Level;
import java.lang.System.Logger;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Watches over clients and the clock: who is lost, and when the collection is over. */
final class Vigil {
    private static final Logger LOG = System.getLogger(Vigil.class.getName());
    /** How long a share without enough promising clients waits for lost ones to come back before it gives up. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Share share;
    private @Nullable Instant lastLoss;

    Vigil(Share share) {
        this.share = share;
    }

    /** Loses those that have been silent, or away, for too long. */
    void loseTheSilent() {
        Instant now = share.station().now();
        for (Participant participant : share.participants().all()) {
            if (participant.standing() == Standing.ASKED && overdue(participant, now)) {
                lose(participant, participant.goneSince() != null ? "its stream broke" : "nothing heard of its task");
            }
        }
    }

    private boolean overdue(Participant participant, Instant now) {
        Instant gone = participant.goneSince();
        if (gone != null) {
            return now.isAfter(gone.plus(share.station().config().detachGrace()));
        }
        return share.phase() == Phase.COLLECTING
                && now.isAfter(
                        participant.lastAlive().plus(share.station().config().clientLease()));
    }

    /** From now on nobody waits for it; if it comes back while the collection is open it counts again. */
    void lose(Participant participant, String why) {
        participant.to(Standing.LOST);
        lastLoss = share.station().now();
        share.station().attendance().working(participant.client(), false);
        tell(participant, why);
    }

    /** Says who was still at work when the time was up. */
    void tellLate() {
        Duration most = policy().maxWait();
        if (share.elapsed().compareTo(most) >= 0) {
            share.participants().all().stream()
                    .filter(participant -> participant.standing().outstanding())
                    .forEach(participant -> tell(
                            participant,
                            "it was still at work when the " + most.toSeconds() + " s of the round were over"));
        }
    }

    private void tell(Participant participant, String why) {
        Station station = share.station();
        Order order = share.order();
        if (order.kind() == TaskKind.TRAIN) {
            station.notices().update(order.roundId(), UpdateNotice.lost(participant.client(), why));
        }
        station.notices().event(Severity.WARNING, "CLIENT_LOST", "client lost: " + why, participant.client(), order.roundId());
        LOG.log(Level.INFO, "A client is lost: {0} client={1} round={2}", why, participant.client(), order.key());
    }

    /**
     * Whether the collection is over.
     *
     * @param claiming whether more may join
     * @return why there is less than was wanted, blank if there is enough; empty while it goes on
     */
    Optional<String> over(boolean claiming) {
        RoundPolicy policy = policy();
        boolean late = share.elapsed().compareTo(policy.maxWait()) >= 0;
        if (share.participants().isEmpty()) {
            return late ? Optional.of("no client was attached") : Optional.empty();
        }
        Tally tally = share.participants().tally();
        Verdict verdict = policy.judge(tally, share.elapsed());
        if (verdict == Verdict.CLOSE) {
            return Optional.of("");
        }
        // below its part of the minimum it still waits for those at work: other combiners may make up for it
        if (verdict == Verdict.ABORT && (late || tally.outstanding() == 0 && !hopeful(claiming))) {
            return Optional.of("fewer than " + policy.minUpdates() + " updates "
                    + (late ? "came before the deadline" : "can still come"));
        }
        return Optional.empty();
    }

    /** Whether somebody may still join or come back before it makes sense to give up. */
    private boolean hopeful(boolean claiming) {
        Instant loss = lastLoss;
        return claiming
                || share.station().settling()
                || share.participants().count(Standing.LOST) > 0
                        && loss != null
                        && share.station().now().isBefore(loss.plus(PATIENCE));
    }

    private RoundPolicy policy() {
        Order.Policy policy = share.order().policy();
        int least = Math.max(1, policy.minUpdates());
        int target = policy.targetUpdates() == 0 ? Integer.MAX_VALUE : Math.max(least, policy.targetUpdates());
        Duration most = Duration.ofMillis(Math.max(0, policy.maxWaitMillis()));
        return new RoundPolicy(
                least, target, Duration.ofMillis(Math.min(policy.minWaitMillis(), most.toMillis())), most);
    }
}
