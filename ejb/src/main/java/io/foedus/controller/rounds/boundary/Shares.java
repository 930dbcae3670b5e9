package io.foedus.controller.rounds.boundary;

import io.foedus.controller.alliances.boundary.Policies;
import io.foedus.controller.combiners.boundary.Combiners;
import io.foedus.controller.events.boundary.Events;
import io.foedus.controller.events.entity.Event.About;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.news.boundary.News;
import io.foedus.controller.news.entity.Topic;
import io.foedus.controller.participation.boundary.Claimant;
import io.foedus.controller.participation.boundary.Ledger;
import io.foedus.controller.refusals.Refusal;
import io.foedus.controller.rounds.control.OrderBook;
import io.foedus.controller.rounds.control.ReportCheck;
import io.foedus.controller.rounds.entity.Round;
import io.foedus.controller.rounds.entity.Share;
import io.foedus.controller.rounds.entity.SharePhase;
import io.foedus.controller.sessions.entity.Session;
import io.foedus.controller.telemetry.boundary.Telemetry;
import io.foedus.controller.telemetry.entity.Source;
import io.foedus.controller.validation.boundary.Validations;
import io.foedus.core.exchange.Fate;
import io.foedus.core.exchange.Heartbeat;
import io.foedus.core.exchange.Orders;
import io.foedus.core.exchange.Severity;
import io.foedus.core.exchange.ShareReport;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.exchange.UpdateNotice;
import io.foedus.core.exchange.ValidationNotice;
import io.foedus.core.round.Metrics;
import io.foedus.core.round.Tally;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.time.Clock;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * What combiners do: hear their orders, claim clients, tell fates, report. Everything is fenced by the combiner's epoch
 * and may be repeated.
 */
@Stateless
public class Shares {
    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    Combiners combiners;

    @Inject
    OrderBook orderBook;

    @Inject
    ReportCheck check;

    @Inject
    Policies policies;

    @Inject
    Ledger ledger;

    @Inject
    Validations validations;

    @Inject
    Telemetry telemetry;

    @Inject
    News news;

    @Inject
    Events events;

    /** Notes a heartbeat with the progress of shares. */
    public void beat(Actor actor, UUID combiner, Heartbeat beat) {
        combiners.beat(actor, combiner, beat.epoch(), beat.attached(), beat.load());
        Map<String, Object> sample = new LinkedHashMap<>(beat.load());
        sample.put("attached", beat.attached());
        sample.put("busy", beat.busy());
        telemetry.add(Source.COMBINER, combiner.toString(), sample);
        List<Heartbeat.Progress> inOrder = beat.shares().stream()
                .sorted(Comparator.comparing(progress -> progress.shareId().toString()))
                .toList();
        for (Heartbeat.Progress progress : inOrder) {
            Share share = entities.find(Share.class, progress.shareId(), LockModeType.PESSIMISTIC_WRITE);
            if (share != null
                    && share.combinerId().equals(combiner)
                    && share.epoch() == beat.epoch()
                    && share.open()
                    && progress.tally() != null
                    && !(share.phase() == SharePhase.RUNNING && share.tally().equals(progress.tally()))) {
                share.run(progress.tally(), clock.instant());
                news.tell(Topic.ROUND, share.roundId());
            }
        }
    }

    /**
     * Everything that is open for a combiner. Shares that it had under an older epoch are its own again, under this
     * one.
     *
     * @throws Refusal {@code EPOCH_OUTDATED}
     */
    public Orders orders(Actor actor, UUID combiner, long epoch) {
        combiners.requireEpoch(actor, combiner, epoch);
        for (Share share : orderBook.ofOlderEpochs(combiner, epoch)) {
            share.offerAgain(epoch, clock.instant());
            news.tell(Topic.ROUND, share.roundId());
        }
        entities.flush();
        return orderBook.of(combiner);
    }

    /**
     * @return those of the clients that this combiner owns in this round from now on
     * @throws Refusal {@code SHARE_CLOSED} if the combiner has no open share in the round
     */
    public List<UUID> claim(Actor actor, UUID round, Claimant who, List<UUID> clients) {
        combiners.requireEpoch(actor, who.combiner(), who.epoch());
        Share share = open(round, who);
        List<UUID> claimed = ledger.claim(who, session(round).allianceId(), clients);
        if (share.phase() == SharePhase.OFFERED) {
            share.run(Tally.expecting(claimed.size()), clock.instant());
        }
        news.tell(Topic.UPDATES, round);
        return claimed;
    }

    /** Notes what becomes of updates, for people to see, whether the round is still open or not. */
    public void note(Actor actor, UUID round, Claimant who, List<UpdateNotice> told) {
        combiners.requireEpoch(actor, who.combiner(), who.epoch());
        Session session = session(round);
        List<UpdateNotice> deliveries = told.stream()
                .map(one -> one.keeping(kept(one.metrics(), about(session, round, who, one.clientId()))))
                .toList();
        ledger.note(who, session.allianceId(), deliveries);
        news.tell(Topic.UPDATES, round);
        deliveries.stream()
                .filter(Shares::isTrouble)
                .forEach(delivery -> events.add(
                        Severity.WARNING,
                        "update." + delivery.fate().name().toLowerCase(Locale.ROOT),
                        (delivery.message() == null ? "an update" : delivery.message()) + " (" + delivery.reason()
                                + ")",
                        about(session, round, who, delivery.clientId()),
                        delivery.logTail() == null ? Map.of() : Map.of("log", delivery.logTail())));
    }

    private static About about(Session session, UUID round, Claimant who, UUID client) {
        return new About(session.allianceId(), session.id(), round, client, who.combiner());
    }

    /** What may be kept of a client's metrics; what is left out is an event. */
    private Metrics kept(Map<String, ?> metrics, About about) {
        Metrics.Reading reading = Metrics.read(metrics);
        reading.complaint().ifPresent(sentence -> events.add(Severity.WARNING, "METRICS_LEFT_OUT", sentence, about));
        return reading.metrics();
    }

    /** Keeps what clients measured of the round's model. */
    public void measured(Actor actor, UUID round, Claimant who, List<ValidationNotice> told) {
        combiners.requireEpoch(actor, who.combiner(), who.epoch());
        open(round, who);
        Session session = session(round);
        List<ValidationNotice> measured = told.stream()
                .map(one -> one.keeping(kept(one.metrics(), about(session, round, who, one.clientId()))))
                .toList();
        Round row = entities.find(Round.class, round);
        validations.add(new Validations.Subject(session.allianceId(), row.modelId(), session.id(), round), measured);
        ledger.reported(who, measured.stream().map(ValidationNotice::clientId).toList());
        news.tell(Topic.VALIDATIONS, round);
    }

    /**
     * The end of a share: from now on its inputs count, in this round and nowhere else. The same report again changes
     * nothing.
     *
     * @throws Refusal {@code SHARE_CLOSED} or {@code EPOCH_OUTDATED} if it comes too late, {@code ALREADY_REPORTED} if
     *     it differs from the first one, {@code CONFLICTING_CLAIMS}, {@code BAD_REPORT}, {@code BLOB_MISSING},
     *     {@code TOO_MANY_EXAMPLES}
     */
    public void report(Actor actor, UUID round, UUID combiner, ShareReport report) {
        combiners.requireEpoch(actor, combiner, report.epoch());
        Share share = locked(round, combiner, report.kind());
        if (share.phase() == SharePhase.REPORTED) {
            check.same(share, report);
            return;
        }
        Claimant who = new Claimant(round, report.kind(), combiner, report.epoch());
        requireOpen(share, who);
        check.complete(report, policies.maxExamples(session(round).allianceId()));
        ledger.settle(who, report.inputs());
        share.report(
                report.tally(),
                report.examples(),
                report.partial() == null
                        ? null
                        : new Share.Partial(
                                report.partial().digest(),
                                report.partial().size(),
                                report.partial().format()),
                Map.copyOf(report.timings()),
                clock.instant());
        if (report.reason() != null) {
            share.explain(report.reason());
        }
        news.tell(Topic.ROUND, round); // the combiner knows; it hears again when there is something to do
    }

    private Share open(UUID round, Claimant who) {
        Share share = locked(round, who.combiner(), who.kind());
        requireOpen(share, who);
        return share;
    }

    private static void requireOpen(Share share, Claimant who) {
        if (!share.open() || share.epoch() != who.epoch()) {
            throw Refusal.outdated(
                    "SHARE_CLOSED",
                    "The share is " + share.phase() + (share.reason() == null ? "" : ": " + share.reason()) + ".",
                    "Drop it; the next heartbeat says what is open.");
        }
    }

    private Share locked(UUID round, UUID combiner, TaskKind kind) {
        Share share = entities.createQuery(
                        "SELECT s FROM Share s WHERE s.roundId = :round AND s.combinerId = :combiner AND s.kind = :kind",
                        Share.class)
                .setParameter("round", round)
                .setParameter("combiner", combiner)
                .setParameter("kind", kind)
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultStream()
                .findFirst()
                .orElse(null);
        if (share == null) {
            throw Refusal.unknown("share", round + "/" + combiner);
        }
        return share;
    }

    private Session session(UUID round) {
        Round row = entities.find(Round.class, round);
        if (row == null) {
            throw Refusal.unknown("round", round);
        }
        return entities.find(Session.class, row.sessionId());
    }

    private static boolean isTrouble(UpdateNotice delivery) {
        return delivery.fate() == Fate.FAILED || delivery.fate() == Fate.REJECTED;
    }
}
