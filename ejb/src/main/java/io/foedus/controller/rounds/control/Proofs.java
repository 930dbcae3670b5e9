package io.foedus.controller.rounds.control;

import io.foedus.controller.alliances.entity.Alliance;
import io.foedus.controller.identity.boundary.SigningKeys;
import io.foedus.controller.models.entity.Model;
import io.foedus.controller.participation.boundary.Updates;
import io.foedus.controller.participation.entity.TaskKind;
import io.foedus.controller.rounds.entity.Round;
import io.foedus.controller.rounds.entity.Share;
import io.foedus.controller.sessions.entity.Session;
import io.foedus.core.lineage.Input;
import io.foedus.core.lineage.Manifest;
import io.foedus.core.models.Digest;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes and signs the manifest of a global model. */
@Dependent
class Proofs {
    @Inject
    EntityManager entities;

    @Inject
    Board board;

    @Inject
    Updates updates;

    @Inject
    Origins origins;

    @Inject
    SigningKeys keys;

    Model.Proof of(Session session, Round round, Model base, Digest model) {
        Manifest manifest = new Manifest(
                entities.find(Alliance.class, session.allianceId()).name(),
                session.id().toString(),
                round.number(),
                model,
                Optional.of(new Digest(base.digest())),
                inputs(session, round),
                partials(round),
                base.adaptedAggregator(session.id()).orElse(session.plan().aggregator()),
                session.plan().optimizer(),
                session.plan().rules().toText(),
                packageDigest(session),
                round.selectionSeed(),
                Optional.ofNullable(base.proof()).map(proof -> new Digest(proof.hash())));
        byte[] bytes = manifest.bytes();
        return new Model.Proof(
                new String(bytes, StandardCharsets.UTF_8),
                manifest.hash().hex(),
                Base64.getEncoder().encodeToString(keys.sign(bytes)));
    }

    private List<Input> inputs(Session session, Round round) {
        return updates.accepted(round.id()).stream()
                .map(update -> new Input(
                        update.client().toString(),
                        update.combiner().toString(),
                        new Digest(update.digest()),
                        update.examples(),
                        update.weight(),
                        update.staleness(),
                        origins.of(session, round, update.staleness())))
                .toList();
    }

    private Map<String, Digest> partials(Round round) {
        return board.locked(round.id(), TaskKind.TRAIN).stream()
                .filter(share -> share.partial() != null)
                .collect(Collectors.toMap(
                        (Share share) -> share.combinerId().toString(),
                        share -> new Digest(share.partial().digest())));
    }

    private Optional<Digest> packageDigest(Session session) {
        return Optional.ofNullable(session.packageId())
                .map(id -> (String) entities.createNativeQuery("SELECT digest FROM compute_package WHERE id = ?1")
                        .setParameter(1, id)
                        .getSingleResult())
                .map(Digest::new);
    }
}
