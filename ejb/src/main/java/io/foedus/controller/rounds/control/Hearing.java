package io.foedus.controller.rounds.control;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.persistence.InstantConverter;
import io.foedus.controller.rounds.entity.Round;
import io.foedus.controller.rounds.entity.Share;
import io.foedus.core.round.Tally;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Combiners are heard before time alone ends their round. After this controller was away, or a combiner could not be
 * heard, by whichever controller, what the combiner has accepted may still be on its way: it gets a lease to report. A
 * combiner that is silent is waited for until it is heard or lost. This is bounded: a controller that has itself been
 * up for three leases since the time was over judges in any case.
 */
@Dependent
class Hearing {
    private static final int LEASES_AT_MOST = 3;
    private static final int NAMED = 5;

    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    ControllerConfig config;

    @Inject
    Steadiness steadiness;

    private record Heard(String name, Instant last, Instant since) {}

    /**
     * Whether what is open may be judged by time now.
     *
     * @param over when the round's time was over
     */
    boolean isDone(Round round, List<Share> shares, Instant over) {
        Instant now = clock.instant();
        Duration lease = config.combiners().lease();
        Instant steady = steadiness.since();
        if (steady.plus(lease).isAfter(now)) {
            return false;
        }
        Instant begin = steady.isAfter(over) ? steady : over;
        if (!begin.plus(lease.multipliedBy(LEASES_AT_MOST)).isAfter(now)) {
            return true;
        }
        Map<UUID, Heard> combiners = combiners(round);
        return shares.stream()
                .filter(Share::open)
                .map(share -> combiners.get(share.combinerId()))
                .noneMatch(heard ->
                        isSilent(heard, now) || heard.since().plus(lease).isAfter(now));
    }

    private boolean isSilent(Heard heard, Instant now) {
        return heard.last().plus(config.combiners().pause()).isBefore(now);
    }

    /** What became of each share, for people. */
    String story(Round round, List<Share> shares) {
        Instant now = clock.instant();
        Map<UUID, Heard> combiners = combiners(round);
        return shares.stream()
                        .limit(NAMED)
                        .map(share -> line(share, combiners.get(share.combinerId()), now))
                        .collect(Collectors.joining("; "))
                + (shares.size() > NAMED ? "; and " + (shares.size() - NAMED) + " more" : "");
    }

    private String line(Share share, Heard heard, Instant now) {
        Tally tally = share.tally();
        String why = share.reason() == null ? "" : " (" + share.reason() + ")";
        return heard.name()
                + switch (share.phase()) {
                    case REPORTED -> " reported " + tally.accepted() + why;
                    case LOST -> " was lost with " + tally.accepted() + " taken";
                    case OFFERED, RUNNING ->
                        " had taken " + tally.accepted() + " and "
                                + (isSilent(heard, now)
                                        ? "was not heard for "
                                                + Duration.between(heard.last(), now)
                                                        .toSeconds() + " s"
                                        : "did not report in time");
                    case CANCELLED -> " was called back" + why;
                };
    }

    @SuppressWarnings("unchecked")
    private Map<UUID, Heard> combiners(Round round) {
        List<Object[]> rows =
                entities.createNativeQuery("""
                        SELECT id, name, last_seen_at, heard_since FROM combiner
                        WHERE id IN (SELECT combiner_id FROM share WHERE round_id = ?1)
                        """).setParameter(1, round.id()).getResultList();
        return rows.stream()
                .collect(Collectors.toMap(
                        row -> (UUID) row[0],
                        row -> new Heard((String) row[1], InstantConverter.of(row[2]), InstantConverter.of(row[3]))));
    }
}
