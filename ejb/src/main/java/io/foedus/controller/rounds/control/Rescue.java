package io.foedus.controller.rounds.control;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.rounds.control.RoundPlanner.Allotment;
import io.foedus.controller.rounds.entity.Round;
import io.foedus.controller.rounds.entity.Share;
import io.foedus.controller.rounds.entity.SharePhase;
import io.foedus.controller.sessions.entity.Session;
import io.foedus.core.exchange.TaskKind;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a round does when it cannot reach its minimum because a combiner was lost: for a while it waits for that
 * combiner to come back, which then gets its share again, and asks clients that move to other combiners there. What
 * others have accepted is not thrown away for it. A round that can reach its minimum without the lost share waits for
 * nobody.
 */
@Dependent
class Rescue {
    @Inject
    Clock clock;

    @Inject
    ControllerConfig config;

    @Inject
    Attendants attendants;

    @Inject
    Board board;

    /**
     * Whether the round should go on.
     *
     * @param missing how many clients it lacks
     */
    boolean hopes(Session session, Round round, List<Share> shares, int missing) {
        Instant now = clock.instant();
        boolean lostLately = shares.stream()
                .anyMatch(share -> share.phase() == SharePhase.LOST
                        && share.reportedAt().plus(patience()).isAfter(now));
        if (!lostLately || !now.isBefore(round.deadline())) {
            return false;
        }
        int left = missing;
        for (Attending attending : attendants.of(session)) {
            if (left > 0) {
                left -= offer(round, shares, attending, left);
            }
        }
        return true;
    }

    /** How long after a loss a round hopes: as long as it took to notice it, twice. */
    private Duration patience() {
        return config.combiners().lease().multipliedBy(2);
    }

    /** @return how many more clients the combiner is to ask */
    private int offer(Round round, List<Share> shares, Attending attending, int most) {
        Optional<Share> share = shares.stream()
                .filter(one -> one.combinerId().equals(attending.party().combiner()))
                .findFirst();
        if (share.isEmpty()) {
            int clients = Math.min(most, attending.clients());
            board.offer(round, TaskKind.TRAIN, List.of(new Allotment(attending, clients)));
            return clients;
        }
        int more = Math.min(most, attending.clients() - share.get().target());
        if (!share.get().open() || more <= 0) {
            return 0;
        }
        board.widen(share.get(), share.get().target() + more);
        return more;
    }
}
