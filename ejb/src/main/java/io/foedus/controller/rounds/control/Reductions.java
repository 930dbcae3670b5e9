package io.foedus.controller.rounds.control;

import io.foedus.controller.models.entity.Model;
import io.foedus.controller.participation.boundary.UpdateView;
import io.foedus.controller.rounds.entity.Round;
import io.foedus.controller.sessions.entity.Session;
import io.foedus.core.aggregation.Tier;
import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFormat;
import io.foedus.core.models.ModelFormats;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Draws up what a reducer is to do, from the rows of a round. */
@Dependent
class Reductions {
    @Inject
    EntityManager entities;

    @Inject
    Counting counting;

    @Inject
    Origins origins;

    Reduction of(Session session, Round round) {
        Model base = entities.find(Model.class, round.baseModelId());
        Counted counted = counting.of(round);
        boolean partials = counted.shares().stream().allMatch(share -> share.partial() != null);
        return new Reduction(
                session.id(),
                round.id(),
                round.claimedBy(),
                new Digest(base.digest()),
                ModelFormats.byId(base.format()),
                base.adaptedAggregator(session.id()).orElse(session.plan().aggregator()),
                session.plan().optimizer(),
                partials ? Tier.PARTIALS : Tier.CLIENTS,
                partials
                        ? ofPartials(counted)
                        : ofUpdates(session, round, counted.inputs(), ModelFormats.byId(base.format())),
                RoundPlanner.policy(session.plan()).minUpdates(),
                base.optimizerStateIn(session.id()).map(Digest::new));
    }

    private static List<Reduction.Piece> ofPartials(Counted counted) {
        Map<UUID, Double> weights = counted.weights();
        return counted.shares().stream()
                .map(share -> Reduction.Piece.partial(
                        share.combinerId().toString(),
                        new Digest(share.partial().digest()),
                        ModelFormats.byId(share.partial().format()),
                        weights.getOrDefault(share.combinerId(), 0.0)))
                .toList();
    }

    private List<Reduction.Piece> ofUpdates(Session session, Round round, List<UpdateView> inputs, ModelFormat format) {
        return inputs.stream()
                .map(update -> new Reduction.Piece(
                        update.client().toString(),
                        new Digest(update.digest()),
                        format,
                        update.examples(),
                        update.staleness(),
                        origins.of(session, round, update.staleness())))
                .toList();
    }
}
