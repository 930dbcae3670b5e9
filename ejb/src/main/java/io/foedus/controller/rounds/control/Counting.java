package io.foedus.controller.rounds.control;

import io.foedus.controller.participation.boundary.Updates;
import io.foedus.controller.rounds.entity.Round;
import io.foedus.controller.rounds.entity.Share;
import io.foedus.controller.rounds.entity.SharePhase;
import io.foedus.core.exchange.TaskKind;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.List;

/** Reads what a round counts: the one source for its fold, its sums and its manifest. */
@Dependent
class Counting {
    @Inject
    Board board;

    @Inject
    Updates updates;

    Counted of(Round round) {
        List<Share> shares = board.locked(round.id(), TaskKind.TRAIN).stream()
                .filter(share ->
                        share.phase() == SharePhase.REPORTED && share.tally().accepted() > 0)
                .toList();
        return new Counted(shares, updates.accepted(round.id()));
    }
}
