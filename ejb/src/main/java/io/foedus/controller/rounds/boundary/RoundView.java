package io.foedus.controller.rounds.boundary;

import io.foedus.controller.participation.boundary.ParticipationView;
import io.foedus.controller.participation.boundary.UpdateView;
import io.foedus.controller.rounds.entity.SharePhase;
import io.foedus.controller.validation.boundary.MetricSummary;
import io.foedus.controller.validation.boundary.ValidationView;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.round.RoundPhase;
import io.foedus.core.round.Tally;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A round as people and programs see it.
 *
 * @param modelDigest of the model that it made, null like {@code model} if it made none
 * @param bytes size of the accepted updates
 * @param tally of its training shares, as far as they told
 * @param metrics what clients measured of its model, by metric
 * @param participants every client's part, also of those that brought no update; null in lists
 * @param updates null in lists
 * @param validations null in lists
 */
public record RoundView(
        UUID id,
        UUID session,
        int number,
        int attempt,
        RoundPhase phase,
        UUID baseModel,
        UUID model,
        String modelDigest,
        String reason,
        long examples,
        long bytes,
        Instant startedAt,
        Instant trainingAt,
        Instant reducingAt,
        Instant validatingAt,
        Instant finishedAt,
        Tally tally,
        Map<String, MetricSummary> metrics,
        List<ShareView> shares,
        List<ParticipationView> participants,
        List<UpdateView> updates,
        List<ValidationView> validations) {

    /** One combiner's part. */
    public record ShareView(
            UUID id,
            UUID combiner,
            String combinerName,
            TaskKind kind,
            SharePhase phase,
            long epoch,
            int target,
            Tally tally,
            long examples,
            String partialDigest,
            String reason,
            Map<String, Object> timings,
            Instant offeredAt,
            Instant runningAt,
            Instant reportedAt) {}

    /** How many clients take part: an open share is still asking until it has reached its target. */
    public int expecting() {
        return shares.stream()
                .filter(share -> share.kind() == TaskKind.TRAIN)
                .mapToInt(share -> share.phase().open()
                        ? Math.max(share.target(), share.tally().expected())
                        : share.tally().expected())
                .sum();
    }

    /** What clients measured of a metric, or null. */
    public MetricSummary metric(String name) {
        return name == null ? null : metrics.get(name);
    }

    RoundView with(List<ShareView> itsShares, Map<String, MetricSummary> itsMetrics) {
        Tally sum = itsShares.stream()
                .filter(share -> share.kind() == TaskKind.TRAIN)
                .map(ShareView::tally)
                .reduce(Tally.NONE, Tally::plus);
        return of(sum, itsMetrics, itsShares, participants, updates, validations);
    }

    RoundView with(
            List<ParticipationView> itsParticipants, List<UpdateView> itsUpdates, List<ValidationView> itsValidations) {
        return of(tally, metrics, shares, itsParticipants, itsUpdates, itsValidations);
    }

    private RoundView of(
            Tally itsTally,
            Map<String, MetricSummary> itsMetrics,
            List<ShareView> itsShares,
            List<ParticipationView> itsParticipants,
            List<UpdateView> itsUpdates,
            List<ValidationView> itsValidations) {
        return new RoundView(
                id,
                session,
                number,
                attempt,
                phase,
                baseModel,
                model,
                modelDigest,
                reason,
                examples,
                bytes,
                startedAt,
                trainingAt,
                reducingAt,
                validatingAt,
                finishedAt,
                itsTally,
                itsMetrics,
                itsShares,
                itsParticipants,
                itsUpdates,
                itsValidations);
    }
}
