package io.foedus.web.fedn;

import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.listing.Query;
import io.foedus.controller.rounds.boundary.RoundView;
import io.foedus.controller.rounds.boundary.RoundView.ShareView;
import io.foedus.controller.rounds.boundary.Rounds;
import io.foedus.controller.rounds.entity.SharePhase;
import io.foedus.controller.sessions.boundary.SessionView;
import io.foedus.controller.sessions.boundary.Sessions;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.round.RoundPhase;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Rounds of all sessions; a round that was tried again is listed once per attempt. */
@Path("{alliance}/api/v1/rounds")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class RoundsResource extends FednCollection {
    @Inject
    Rounds rounds;

    @Inject
    Sessions sessions;

    @Inject
    Clock clock;

    @Override
    String key() {
        return "round_id";
    }

    @Override
    List<Document> documents(ListQuery query) {
        UUID alliance = alliance(Action.READ);
        String session = query.id("round_config.session_id");
        Query first = Query.first(Query.MOST).where("session", session);
        List<RoundView> found = all(first, page -> rounds.ofAlliance(actor(), alliance, page));
        Map<UUID, SessionView> theirs = session == null ? sessions(alliance) : sessionsOf(found);
        return found.stream()
                .map(round -> document(round, theirs.get(round.session())))
                .toList();
    }

    private Map<UUID, SessionView> sessions(UUID alliance) {
        return all(page -> sessions.list(actor(), alliance, page)).stream()
                .collect(Collectors.toMap(SessionView::id, Function.identity()));
    }

    private Map<UUID, SessionView> sessionsOf(List<RoundView> rounds) {
        return rounds.stream()
                .map(RoundView::session)
                .distinct()
                .collect(Collectors.toMap(Function.identity(), session -> sessions.get(actor(), session)));
    }

    @Override
    Optional<Document> find(String id) {
        UUID alliance = alliance(Action.READ);
        return known(id, round -> rounds.get(actor(), round)).flatMap(round -> {
            SessionView session = sessions.get(actor(), round.session());
            return session.allianceId().equals(alliance) ? Optional.of(document(round, session)) : Optional.empty();
        });
    }

    private Document document(RoundView round, SessionView session) {
        Document config = SessionConfig.document(session.plan(), round.baseModel())
                .with("session_id", round.session())
                .with("task", "training")
                .with("round_id", round.id())
                .with("round_number", round.number())
                .with("attempt", round.attempt());
        Instant reduced = round.validatingAt() == null ? round.finishedAt() : round.validatingAt();
        return new Document()
                .with("round_id", round.id())
                .with("status", status(round.phase()))
                .with("reason", round.reason())
                .with("round_config", config)
                .with(
                        "round_data",
                        new Document()
                                .with("time_commit", null)
                                .with(
                                        "reduce",
                                        new Document()
                                                .with("time_aggregate_model", seconds(round.reducingAt(), reduced))
                                                .with("time_fetch_model", null)
                                                .with("time_load_model", null)))
                .with(
                        "combiners",
                        round.shares().stream()
                                .filter(share -> share.kind() == TaskKind.TRAIN)
                                .map(share -> document(share, round, config))
                                .toList())
                .with("committed_at", round.startedAt())
                .with("updated_at", round.finishedAt() == null ? round.startedAt() : round.finishedAt());
    }

    private Document document(ShareView share, RoundView round, Document config) {
        Instant until = share.reportedAt() == null ? clock.instant() : share.reportedAt();
        Double took = seconds(share.offeredAt(), until);
        return new Document()
                .with("round_id", round.id())
                .with("model_id", round.model())
                .with("name", share.combinerName())
                .with(
                        "status",
                        share.phase() == SharePhase.REPORTED
                                ? "Success"
                                : share.phase().name())
                .with("time_exec_training", took)
                .with("config", config)
                .with(
                        "data",
                        new Document()
                                .with(
                                        "aggregation_time",
                                        new Document()
                                                .with(
                                                        "nr_aggregated_models",
                                                        share.tally().accepted())
                                                .with("time_model_aggregation", fold(share))
                                                .with("time_model_load", null))
                                .with("nr_expected_updates", share.tally().expected())
                                .with("nr_required_updates", config.at("clients_required"))
                                .with("time_combination", took)
                                .with("timeout", config.at("round_timeout")));
    }

    private static Double fold(ShareView share) {
        return share.timings().get("foldMillis") instanceof Number millis ? millis.doubleValue() / 1000 : null;
    }

    private static Double seconds(Instant from, Instant to) {
        return from == null || to == null ? null : Duration.between(from, to).toMillis() / 1000.0;
    }

    private static String status(RoundPhase phase) {
        return switch (phase) {
            case PLANNED, TRAINING, REDUCING -> "Pending";
            case VALIDATING, COMPLETED -> "Success";
            case FAILED -> "Failed";
            case CANCELLED -> "Terminated";
        };
    }
}
