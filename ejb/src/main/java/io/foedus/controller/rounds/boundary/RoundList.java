package io.foedus.controller.rounds.boundary;

import io.foedus.controller.listing.Listing;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import io.foedus.controller.persistence.InstantConverter;
import io.foedus.controller.persistence.Json;
import io.foedus.controller.persistence.JsonObjectConverter;
import io.foedus.controller.rounds.boundary.RoundView.ShareView;
import io.foedus.controller.rounds.entity.SharePhase;
import io.foedus.controller.validation.boundary.MetricSummary;
import io.foedus.controller.validation.boundary.Validations;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.round.RoundPhase;
import io.foedus.core.round.Tally;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;

/** How rounds are listed: three statements per page. */
@Dependent
class RoundList {
    /** The parameter is the session. */
    private static final Listing<RoundView> OF_SESSION = Listing.of(
                    "r.id, r.session_id, r.number, r.attempt, r.phase, r.base_model_id, r.model_id, r.reason, r.examples,"
                            + " r.created_at, r.training_at, r.reducing_at, r.validating_at, r.finished_at",
                    "round r WHERE r.session_id = ?1",
                    "r.number DESC, r.attempt DESC",
                    RoundList::view)
            .exact("id", "r.id")
            .exact("number", "r.number")
            .exact("attempt", "r.attempt")
            .exact("phase", "r.phase")
            .exact("examples", "r.examples")
            .exact("startedAt", "r.created_at")
            .exact("finishedAt", "r.finished_at");

    @Inject
    EntityManager entities;

    @Inject
    Validations validations;

    Page<RoundView> page(UUID session, Query query) {
        Page<RoundView> bare = OF_SESSION.page(entities, query, session);
        Map<UUID, List<ShareView>> shares =
                shares(bare.items().stream().map(RoundView::id).toList());
        Map<UUID, Map<String, MetricSummary>> metrics = validations.summaries(bare.items().stream()
                .map(RoundView::model)
                .filter(Objects::nonNull)
                .toList());
        return new Page<>(
                bare.items().stream()
                        .map(round -> fill(
                                round,
                                shares.getOrDefault(round.id(), List.of()),
                                round.model() == null ? Map.of() : metrics.getOrDefault(round.model(), Map.of())))
                        .toList(),
                bare.next(),
                bare.total());
    }

    private static RoundView fill(RoundView round, List<ShareView> shares, Map<String, MetricSummary> metrics) {
        Tally tally = shares.stream()
                .filter(share -> share.kind() == TaskKind.TRAIN)
                .map(ShareView::tally)
                .reduce(Tally.NONE, Tally::plus);
        return new RoundView(
                round.id(),
                round.session(),
                round.number(),
                round.attempt(),
                round.phase(),
                round.baseModel(),
                round.model(),
                round.reason(),
                round.examples(),
                round.startedAt(),
                round.trainingAt(),
                round.reducingAt(),
                round.validatingAt(),
                round.finishedAt(),
                tally,
                metrics,
                shares,
                null,
                null,
                null);
    }

    @SuppressWarnings("unchecked")
    private Map<UUID, List<ShareView>> shares(List<UUID> rounds) {
        List<Object[]> rows = entities.createNativeQuery(
                        "SELECT h.round_id, h.id, h.combiner_id, b.name, h.kind, h.phase,"
                                + " h.epoch, h.target, h.accepted, h.rejected, h.discarded, h.lost, h.expected, h.examples,"
                                + " h.partial_digest, h.reason, h.timings, h.offered_at, h.running_at, h.reported_at FROM share h"
                                + " JOIN combiner b ON b.id = h.combiner_id WHERE h.round_id IN (SELECT value::uuid FROM"
                                + " jsonb_array_elements_text(?1)) ORDER BY h.kind, b.name")
                .setParameter(1, JsonObjectConverter.jsonb(Json.write(rounds)))
                .getResultList();
        return rows.stream()
                .collect(Collectors.groupingBy(
                        row -> (UUID) row[0], Collectors.mapping(RoundList::share, Collectors.toList())));
    }

    private static ShareView share(Object[] row) {
        return new ShareView(
                (UUID) row[1],
                (UUID) row[2],
                (String) row[3],
                TaskKind.valueOf((String) row[4]),
                SharePhase.valueOf((String) row[5]),
                ((Number) row[6]).longValue(),
                number(row[7]),
                new Tally(number(row[8]), number(row[9]), number(row[10]), number(row[11]), number(row[12])),
                ((Number) row[13]).longValue(),
                (String) row[14],
                (String) row[15],
                Json.object(JsonObjectConverter.text(row[16])),
                InstantConverter.of(row[17]),
                InstantConverter.of(row[18]),
                InstantConverter.of(row[19]));
    }

    private static int number(Object column) {
        return ((Number) column).intValue();
    }

    private static RoundView view(Object[] row) {
        return new RoundView(
                (UUID) row[0],
                (UUID) row[1],
                number(row[2]),
                number(row[3]),
                RoundPhase.valueOf((String) row[4]),
                (UUID) row[5],
                (UUID) row[6],
                (String) row[7],
                ((Number) row[8]).longValue(),
                InstantConverter.of(row[9]),
                InstantConverter.of(row[10]),
                InstantConverter.of(row[11]),
                InstantConverter.of(row[12]),
                InstantConverter.of(row[13]),
                Tally.NONE,
                Map.of(),
                List.of(),
                null,
                null,
                null);
    }
}
