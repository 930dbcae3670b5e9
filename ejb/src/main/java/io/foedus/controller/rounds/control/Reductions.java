package io.foedus.controller.rounds.control;

import io.foedus.controller.models.entity.Model;
import io.foedus.controller.participation.boundary.UpdateView;
import io.foedus.controller.participation.boundary.Updates;
import io.foedus.controller.participation.entity.TaskKind;
import io.foedus.controller.rounds.entity.Round;
import io.foedus.controller.rounds.entity.Share;
import io.foedus.controller.rounds.entity.SharePhase;
import io.foedus.controller.sessions.entity.Session;
import io.foedus.core.aggregation.Tier;
import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFormats;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Draws up what a reducer is to do, from the rows of a round. */
@Dependent
class Reductions {
    @Inject
    EntityManager entities;

    @Inject
    Board board;

    @Inject
    Updates updates;

    @Inject
    Origins origins;

    Reduction of(Session session, Round round) {
        Model base = entities.find(Model.class, round.baseModelId());
        List<Share> shares = board.locked(round.id(), TaskKind.TRAIN).stream()
                .filter(share ->
                        share.phase() == SharePhase.REPORTED && share.tally().accepted() > 0)
                .toList();
        List<UpdateView> inputs = updates.accepted(round.id());
        boolean partials = shares.stream().allMatch(share -> share.partial() != null);
        return new Reduction(
                session.id(),
                round.id(),
                round.claimedBy(),
                new Digest(base.digest()),
                ModelFormats.byId(base.format()),
                base.adaptedAggregator(session.id()).orElse(session.plan().aggregator()),
                session.plan().optimizer(),
                partials ? Tier.PARTIALS : Tier.CLIENTS,
                partials ? ofPartials(shares, inputs) : ofUpdates(session, round, inputs),
                RoundPlanner.policy(session.plan()).minUpdates(),
                base.optimizerStateIn(session.id()).map(Digest::new));
    }

    private static List<Reduction.Piece> ofPartials(List<Share> shares, List<UpdateView> inputs) {
        Map<UUID, Double> weights = inputs.stream()
                .collect(Collectors.groupingBy(UpdateView::combiner, Collectors.summingDouble(UpdateView::weight)));
        return shares.stream()
                .map(share -> Reduction.Piece.partial(
                        share.combinerId().toString(),
                        new Digest(share.partial().digest()),
                        weights.getOrDefault(share.combinerId(), 0.0)))
                .toList();
    }

    private List<Reduction.Piece> ofUpdates(Session session, Round round, List<UpdateView> inputs) {
        return inputs.stream()
                .map(update -> new Reduction.Piece(
                        update.client().toString(),
                        new Digest(update.digest()),
                        update.examples(),
                        update.staleness(),
                        origins.of(session, round, update.staleness())))
                .toList();
    }
}
