package io.foedus.controller.rounds.boundary;

import io.foedus.controller.blobs.BlobReferences;
import io.foedus.controller.clients.boundary.Attendance;
import io.foedus.controller.combiners.boundary.Combiners;
import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.news.boundary.News;
import io.foedus.controller.news.entity.Topic;
import io.foedus.controller.participation.boundary.Ledger;
import io.foedus.controller.rounds.control.Campaign;
import io.foedus.controller.rounds.control.Reduced;
import io.foedus.controller.rounds.control.Reduction;
import io.foedus.controller.rounds.control.Work;
import io.foedus.controller.rounds.entity.Round;
import io.foedus.controller.rounds.entity.Share;
import io.foedus.controller.rounds.entity.SharePhase;
import io.foedus.controller.sessions.entity.Session;
import io.foedus.core.blobs.BlobStore;
import io.foedus.core.models.Digest;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The transactions of the engine: each is short, moves one session under the lock of its row, and does nothing if
 * another controller has the lock or has done it already.
 */
@Stateless
@TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
public class RoundEngine {
    private static final Duration BEFORE_TRYING_AGAIN = Duration.ofSeconds(2);
    private static final int MOST_STUMBLES = 5;

    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    ControllerConfig config;

    @Inject
    Campaign campaign;

    @Inject
    Combiners combiners;

    @Inject
    Attendance attendance;

    @Inject
    Ledger ledger;

    @Inject
    News news;

    @Inject
    BlobStore blobs;

    /** Sessions that somebody should look at now, longest due first. */
    @SuppressWarnings("unchecked")
    public List<UUID> due() {
        List<Object[]> rows = entities.createNativeQuery(
                        "SELECT s.id, s.next_check AS due FROM session s WHERE s.state ="
                                + " 'RUNNING' AND s.next_check <= ?1 UNION ALL SELECT r.session_id, r.next_check FROM round r"
                                + " WHERE r.phase IN ('PLANNED', 'TRAINING', 'REDUCING', 'VALIDATING') AND r.next_check <= ?1"
                                + " ORDER BY due")
                .setParameter(1, clock.instant().atOffset(ZoneOffset.UTC))
                .getResultList();
        return rows.stream().map(row -> (UUID) row[0]).distinct().toList();
    }

    /** Running sessions of an alliance that wait for clients: to open a round, or because a combiner was lost. */
    @SuppressWarnings("unchecked")
    public List<UUID> waiting(UUID alliance) {
        return entities.createNativeQuery("SELECT s.id FROM session s WHERE s.alliance_id = ?1 AND s.state = 'RUNNING'"
                        + " AND (NOT EXISTS (SELECT 1 FROM round r WHERE r.session_id = s.id AND r.phase IN ('TRAINING',"
                        + " 'REDUCING', 'VALIDATING')) OR EXISTS (SELECT 1 FROM round r JOIN share h ON h.round_id ="
                        + " r.id WHERE r.session_id = s.id AND r.phase = 'TRAINING' AND h.phase = 'LOST'))")
                .setParameter(1, alliance)
                .getResultList();
    }

    /** The session of a round; empty if there is none. */
    public Optional<UUID> sessionOf(UUID round) {
        return Optional.ofNullable(entities.find(Round.class, round)).map(Round::sessionId);
    }

    /**
     * Moves a session's rounds as far as they go.
     *
     * @return what this controller is to do now before the session goes on; a reduction is claimed
     */
    public Optional<Work> advance(UUID session) {
        return tryLock(session) ? campaign.advance(entities.find(Session.class, session), node()) : Optional.empty();
    }

    /**
     * Says that a reducer is alive.
     *
     * @return false if the claim is not its own any more
     */
    public boolean renew(Reduction reduction) {
        return entities.createNativeQuery("""
                        UPDATE round SET claimed_at = ?1, next_check = ?2
                        WHERE id = ?3 AND claimed_by = ?4 AND phase = 'REDUCING'
                        """)
                        .setParameter(1, clock.instant().atOffset(ZoneOffset.UTC))
                        .setParameter(
                                2, clock.instant().plus(config.reduce().claim()).atOffset(ZoneOffset.UTC))
                        .setParameter(3, reduction.round())
                        .setParameter(4, reduction.claimant())
                        .executeUpdate()
                == 1;
    }

    /**
     * Commits what a reducer made, unless its claim was taken over meanwhile, and moves the session on. If its bytes
     * were collected before any row referred to them, they are made again.
     *
     * @return what is to be done next, as {@link #advance}
     */
    public Optional<Work> commit(Reduction reduction, Reduced reduced) {
        Session session = lock(reduction.session());
        Round round = entities.find(Round.class, reduction.round());
        if (!round.isClaimedBy(reduction.claimant())) {
            return Optional.empty();
        }
        BlobReferences.protect(entities);
        if (!isStored(reduced)) {
            round.release(
                    "what was merged was thrown away before it could be committed",
                    clock.instant().plus(BEFORE_TRYING_AGAIN));
            return Optional.empty();
        }
        campaign.commit(session, round, reduction, reduced);
        entities.flush();
        return campaign.advance(session, node());
    }

    private boolean isStored(Reduced reduced) {
        try {
            return blobs.has(new Digest(reduced.file().digest()))
                    && (reduced.optimizerState() == null || blobs.has(new Digest(reduced.optimizerState())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** These inputs cannot make a model: the round has failed. */
    public void fail(Reduction reduction, String why) {
        Session session = lock(reduction.session());
        Round round = entities.find(Round.class, reduction.round());
        if (round.isClaimedBy(reduction.claimant())) {
            campaign.fail(session, round, why);
            entities.flush();
            campaign.advance(session, node());
        }
    }

    /** This machine could not do it now: somebody, perhaps this one, tries again soon. */
    public void giveBack(Reduction reduction, String why) {
        Session session = lock(reduction.session());
        Round round = entities.find(Round.class, reduction.round());
        if (round.isClaimedBy(reduction.claimant())) {
            campaign.giveBack(session, round, why, clock.instant().plus(BEFORE_TRYING_AGAIN));
        }
    }

    /** Merging went wrong in a way that nobody foresaw: it is tried again some times, then the round has failed. */
    public void stumble(Reduction reduction, String why) {
        Session session = lock(reduction.session());
        Round round = entities.find(Round.class, reduction.round());
        if (!round.isClaimedBy(reduction.claimant())) {
            return;
        }
        int times = round.stumbles();
        if (times < MOST_STUMBLES) {
            campaign.giveBack(session, round, why, clock.instant().plus(BEFORE_TRYING_AGAIN.multipliedBy(times)));
        } else {
            campaign.fail(session, round, "merging went wrong " + times + " times: " + why);
            entities.flush();
            campaign.advance(session, node());
        }
    }

    public List<UUID> silentCombiners() {
        return combiners.silent();
    }

    /** A combiner's lease is over: its shares, claims and clients are lost to it, and its epoch moves on. */
    public void lose(UUID combiner) {
        String name = combiners.expire(combiner);
        if (name == null) {
            return;
        }
        String why = "combiner " + name + " was lost";
        attendance.detachAll(combiner, why);
        List<Share> shares = entities.createQuery(
                        "SELECT s FROM Share s WHERE s.combinerId = :combiner AND s.phase IN :open ORDER BY s.id",
                        Share.class)
                .setParameter("combiner", combiner)
                .setParameter("open", List.of(SharePhase.OFFERED, SharePhase.RUNNING))
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultList();
        for (Share share : shares) {
            if (share.open()) {
                share.lose(why, clock.instant());
                news.tell(Topic.ROUND, share.roundId());
            }
        }
        ledger.lose(combiner, "COMBINER_LOST");
    }

    private boolean tryLock(UUID session) {
        return !entities.createNativeQuery("SELECT 1, id FROM session WHERE id = ?1 FOR NO KEY UPDATE SKIP LOCKED")
                .setParameter(1, session)
                .getResultList()
                .isEmpty();
    }

    private Session lock(UUID session) {
        return entities.find(Session.class, session, LockModeType.PESSIMISTIC_WRITE);
    }

    private String node() {
        return config.node();
    }
}
