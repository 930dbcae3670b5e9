package io.foedus.controller.rounds.control;

import io.foedus.controller.participation.boundary.Ledger;
import io.foedus.controller.participation.boundary.UpdateView;
import io.foedus.controller.rounds.entity.Round;
import io.foedus.controller.rounds.entity.Share;
import io.foedus.controller.sessions.entity.Session;
import io.foedus.core.exchange.Severity;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Map;

/**
 * Takes updates out of a round that were reported and could not be folded with the others. That they do not count is
 * one fact with one place: afterwards the ledger, the shares, the round and the reduction all leave them out.
 */
@Dependent
class Exclusion {
    private static final String OUT_OF_SCALE = "OUT_OF_SCALE";

    @Inject
    EntityManager entities;

    @Inject
    Ledger ledger;

    @Inject
    Counting counting;

    @Inject
    Board board;

    /**
     * @param rejected why, by the client whose update it is
     * @return the reduction as it was done
     */
    Reduction of(Session session, Round round, Reduction reduction, Map<String, String> rejected) {
        if (rejected.isEmpty()) {
            return reduction;
        }
        Counted before = counting.of(round);
        List<UpdateView> out = before.inputs().stream()
                .filter(update -> rejected.containsKey(update.client().toString()))
                .toList();
        ledger.reject(round.id(), out.stream().map(UpdateView::client).toList(), OUT_OF_SCALE);
        for (Share share : before.shares()) {
            List<UpdateView> ofShare = out.stream()
                    .filter(update -> update.combiner().equals(share.combinerId()))
                    .toList();
            share.leaveOut(
                    ofShare.size(),
                    ofShare.stream().mapToLong(UpdateView::examples).sum());
        }
        entities.flush();
        round.restsOn(counting.of(round).examples());
        rejected.values().forEach(why -> board.tell(session, round, Severity.WARNING, "rejected", why));
        return reduction.without(rejected.keySet());
    }
}
