package io.foedus.controller.combiners.boundary;

import io.foedus.controller.events.boundary.Events;
import io.foedus.controller.events.entity.Event.About;
import io.foedus.controller.identity.entity.AccessPolicy;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.persistence.Sql;
import io.foedus.core.exchange.CombinerEvent;
import io.foedus.core.text.Printable;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.UUID;

/** Takes notices of combiners into the events of the alliance that they are about. */
@Stateless
public class CombinerLog {
    private static final int MOST_AT_ONCE = 1_000;
    private static final int LONGEST_KIND = 100;

    @Inject
    EntityManager entities;

    @Inject
    Events events;

    /** Adds them; what is beyond the first thousand is left out. */
    public void add(Actor actor, UUID combiner, List<CombinerEvent> notices) {
        AccessPolicy.require(actor, Action.COMBINE);
        for (CombinerEvent notice : notices.subList(0, Math.min(MOST_AT_ONCE, notices.size()))) {
            events.add(
                    notice.severity(),
                    Printable.line(notice.kind(), LONGEST_KIND),
                    notice.message(),
                    about(combiner, notice),
                    notice.data());
        }
    }

    private About about(UUID combiner, CombinerEvent notice) {
        About round = notice.roundId() == null ? null : ofRound(notice.roundId());
        UUID alliance = notice.clientId() == null ? null : allianceOf(notice.clientId());
        return new About(
                round == null ? alliance : round.allianceId(),
                round == null ? null : round.sessionId(),
                round == null ? null : round.roundId(),
                alliance == null ? null : notice.clientId(),
                combiner);
    }

    /** The round with its session and alliance, null if there is none. */
    private About ofRound(UUID round) {
        return Sql.of(entities, """
                        SELECT s.alliance_id, s.id FROM round r JOIN session s ON s.id = r.session_id WHERE r.id = :round
                        """)
                .with("round", round)
                .first(row -> new About(row.id(0), row.id(1), round, null, null))
                .orElse(null);
    }

    /** The client's alliance, null if there is no such client. */
    private UUID allianceOf(UUID client) {
        return Sql.of(entities, "SELECT alliance_id FROM client WHERE id = :client")
                .with("client", client)
                .first(row -> row.id(0))
                .orElse(null);
    }
}
