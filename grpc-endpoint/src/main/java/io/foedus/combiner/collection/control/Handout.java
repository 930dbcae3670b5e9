package io.foedus.combiner.collection.control;

import io.foedus.combiner.agents.entity.Agent;
import io.foedus.combiner.agents.entity.TaskOffer;
import io.foedus.combiner.collection.entity.Fact;
import io.foedus.combiner.collection.entity.Origin;
import io.foedus.combiner.collection.entity.Participant;
import io.foedus.combiner.collection.entity.Standing;
import java.util.List;

/** Hands tasks out, once over each stream. */
final class Handout {
    private final Share share;

    Handout(Share share) {
        this.share = share;
    }

    /** Everybody who waits for the task gets it. */
    void offerAll() {
        share.participants().all().forEach(this::offer);
    }

    void offer(Participant participant) {
        Agent agent = share.station().registry().find(participant.client()).orElse(null);
        if (participant.standing() != Standing.ASKED || participant.offeredOn(agent)) {
            return;
        }
        if (agent == null) {
            participant.gone(share.station().now());
            return;
        }
        participant.back(share.station().now());
        participant.offered(agent);
        share.station().attendance().working(agent.client(), true);
        if (!agent.held().contains(participant.task())) {
            startAnew(participant);
            agent.channel().offer(new TaskOffer(participant.task(), share.order(), share.remaining()));
        }
    }

    /** Whoever gets the task again starts from this round's base, whatever it had started from before. */
    private void startAnew(Participant participant) {
        Origin fresh = Origin.of(share.order());
        if (!participant.origin().equals(fresh)) {
            participant.startsFrom(fresh);
            share.note(List.of(Fact.asked(participant.client(), participant.task(), null)));
        }
    }
}
