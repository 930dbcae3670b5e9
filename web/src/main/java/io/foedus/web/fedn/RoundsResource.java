package io.foedus.web.fedn;

import io.foedus.controller.fedn.boundary.Records;
import io.foedus.controller.fedn.boundary.RoundRecord;
import io.foedus.controller.fedn.boundary.RoundRecord.ShareRecord;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.listing.Query;
import io.foedus.core.round.RoundPhase;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Rounds of all sessions; a round that was tried again is listed once per attempt. */
@Path("{alliance}/api/v1/rounds")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class RoundsResource extends FednCollection {
    @Inject
    Records records;

    @Override
    String key() {
        return "round_id";
    }

    @Override
    List<Document> documents(ListQuery query) {
        UUID alliance = alliance(Action.READ);
        Query first = Query.first(Query.MOST)
                .where("id", query.id("round_id"))
                .where("session", query.id("round_config.session_id"));
        return all(first, page -> records.rounds(actor(), alliance, page)).stream()
                .map(RoundsResource::document)
                .toList();
    }

    private static Document document(RoundRecord round) {
        Document config = SessionConfig.document(round.plan(), round.baseModel())
                .with("session_id", round.session())
                .with("task", "training")
                .with("round_id", round.id())
                .with("round_number", round.number())
                .with("attempt", round.attempt());
        Instant reduced = round.times().validating() == null
                ? round.times().finished()
                : round.times().validating();
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
                                                .with(
                                                        "time_aggregate_model",
                                                        seconds(round.times().reducing(), reduced))
                                                .with("time_fetch_model", null)
                                                .with("time_load_model", null)))
                .with(
                        "combiners",
                        round.shares().stream()
                                .map(share -> document(share, round, config))
                                .toList())
                .with("committed_at", round.times().created())
                .with(
                        "updated_at",
                        round.times().finished() == null
                                ? round.times().created()
                                : round.times().finished());
    }

    private static Document document(ShareRecord share, RoundRecord round, Document config) {
        return new Document()
                .with("round_id", round.id())
                .with("model_id", round.model())
                .with("name", share.combiner())
                .with("status", share.phase().equals("REPORTED") ? "Success" : share.phase())
                .with("time_exec_training", share.seconds())
                .with("config", config)
                .with(
                        "data",
                        new Document()
                                .with(
                                        "aggregation_time",
                                        new Document()
                                                .with("nr_aggregated_models", share.accepted())
                                                .with("time_model_aggregation", fold(share))
                                                .with("time_model_load", null))
                                .with("nr_expected_updates", share.expected())
                                .with("nr_required_updates", config.at("clients_required"))
                                .with("time_combination", share.seconds())
                                .with("timeout", config.at("round_timeout")));
    }

    private static Double fold(ShareRecord share) {
        return share.timings() != null && share.timings().get("foldMillis") instanceof Number millis
                ? millis.doubleValue() / 1000
                : null;
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
