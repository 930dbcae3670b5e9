package io.foedus.controller.rounds.boundary;

import io.foedus.controller.listing.Listing;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import io.foedus.controller.persistence.Row;
import io.foedus.controller.persistence.Sql;
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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How rounds are read, for whoever looks at them: four statements per page, however many rounds are on it. */
@Dependent
class RoundRows {
    private static final String SECONDS = "extract(epoch FROM coalesce(r.finished_at, now()) - r.created_at)";

    private static final Listing<RoundView> ALL = Listing.of(
                    """
                    r.id, r.session_id, r.number, r.attempt, r.phase, r.base_model_id, r.model_id, m.digest, r.reason,
                    r.examples,
                    (SELECT sum(u.size) FROM model_update u WHERE u.round_id = r.id AND u.fate = 'ACCEPTED') AS bytes,
                    r.created_at, r.training_at, r.reducing_at, r.validating_at, r.finished_at
                    """,
                    "round r JOIN session s ON s.id = r.session_id",
                    "LEFT JOIN model m ON m.id = r.model_id",
                    RoundRows::bare)
            .exact("session", "r.session_id")
            .exact("number", "r.number")
            .exact("phase", "r.phase")
            .exact("examples", "r.examples")
            .exact("seconds", SECONDS)
            .exact("mean", """
                    (SELECT avg(CAST(v.metrics->>:metric AS double precision)) FROM validation v
                     WHERE v.model_id = r.model_id AND jsonb_typeof(v.metrics->:metric) = 'number')""");

    private static final Listing<RoundView> OF_SESSION =
            ALL.where("r.session_id = :session").orderedBy("r.number DESC, r.attempt DESC");
    private static final Listing<RoundView> LAST_ATTEMPT = ALL.where("""
            r.session_id = :session AND r.number = :number AND r.attempt = (
              SELECT max(attempt) FROM round WHERE session_id = :session AND number = :number)
            """);
    private static final Listing<RoundView> OF_ALLIANCE =
            ALL.where("s.alliance_id = :alliance").orderedBy("r.created_at DESC, r.id DESC");
    private static final Listing<RoundView> ONE = ALL.where("r.id = :id");

    @Inject
    EntityManager entities;

    @Inject
    Validations validations;

    /** With all metrics. */
    Page<RoundView> ofSession(UUID session, Query query) {
        Page<RoundView> page = OF_SESSION.page(entities, query, Map.of("session", session, "metric", ""));
        return filled(page, validations::summaries);
    }

    /** With one metric. */
    Page<RoundView> ofSession(UUID session, String metric, Query query) {
        Page<RoundView> page = OF_SESSION.page(entities, query, Map.of("session", session, "metric", metric));
        return filled(page, models -> validations.summaries(models, metric));
    }

    /** Without metrics. */
    Page<RoundView> ofAlliance(UUID alliance, Query query) {
        Page<RoundView> page = OF_ALLIANCE.page(entities, query, Map.of("alliance", alliance, "metric", ""));
        return filled(page, models -> Map.of());
    }

    /** The last attempt, or null. */
    RoundView last(UUID session, int number) {
        return filled(LAST_ATTEMPT.one(entities, Map.of("session", session, "number", number)).stream()
                .toList());
    }

    /** The round, or null. */
    RoundView one(UUID id) {
        return filled(ONE.one(entities, Map.of("id", id)).stream().toList());
    }

    private RoundView filled(List<RoundView> one) {
        return one.isEmpty()
                ? null
                : filled(new Page<>(one, null, 1), validations::summaries)
                        .items()
                        .get(0);
    }

    private Page<RoundView> filled(
            Page<RoundView> bare, Function<Collection<UUID>, Map<UUID, Map<String, MetricSummary>>> summaries) {
        Map<UUID, List<ShareView>> shares =
                shares(bare.items().stream().map(RoundView::id).toList());
        Map<UUID, Map<String, MetricSummary>> metrics = summaries.apply(bare.items().stream()
                .map(RoundView::model)
                .filter(Objects::nonNull)
                .toList());
        List<RoundView> items = bare.items().stream()
                .map(round -> round.with(
                        shares.getOrDefault(round.id(), List.of()),
                        round.model() == null ? Map.of() : metrics.getOrDefault(round.model(), Map.of())))
                .toList();
        return new Page<>(items, bare.next(), bare.total());
    }

    private Map<UUID, List<ShareView>> shares(List<UUID> rounds) {
        return Sql.of(entities, """
                        SELECT h.round_id, h.id, h.combiner_id, b.name, h.kind, h.phase, h.epoch, h.target, h.accepted,
                          h.rejected, h.discarded, h.lost, h.expected, h.examples, h.partial_digest, h.reason, h.timings,
                          h.offered_at, h.running_at, h.reported_at
                        FROM share h JOIN combiner b ON b.id = h.combiner_id
                        WHERE h.round_id IN (SELECT CAST(value AS uuid) FROM jsonb_array_elements_text(:rounds))
                        ORDER BY h.kind, b.name
                        """).withJson("rounds", rounds).list(row -> Map.entry(row.id(0), share(row))).stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    private static ShareView share(Row row) {
        return new ShareView(
                row.id(1),
                row.id(2),
                row.text(3),
                row.one(TaskKind.class, 4),
                row.one(SharePhase.class, 5),
                row.whole(6),
                row.count(7),
                new Tally(row.count(8), row.count(9), row.count(10), row.count(11), row.count(12)),
                row.whole(13),
                row.text(14),
                row.text(15),
                row.object(16),
                row.instant(17),
                row.instant(18),
                row.instant(19));
    }

    private static RoundView bare(Row row) {
        return new RoundView(
                row.id(0),
                row.id(1),
                row.count(2),
                row.count(3),
                row.one(RoundPhase.class, 4),
                row.id(5),
                row.id(6),
                row.text(7),
                row.text(8),
                row.whole(9),
                row.whole(10),
                row.instant(11),
                row.instant(12),
                row.instant(13),
                row.instant(14),
                row.instant(15),
                Tally.NONE,
                Map.of(),
                List.of(),
                null,
                null,
                null);
    }
}
