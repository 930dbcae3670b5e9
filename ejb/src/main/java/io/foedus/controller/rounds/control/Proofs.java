package io.foedus.controller.rounds.control;

import io.foedus.controller.alliances.entity.Alliance;
import io.foedus.controller.identity.boundary.SigningKeys;
import io.foedus.controller.models.entity.Model;
import io.foedus.controller.participation.boundary.UpdateView;
import io.foedus.controller.rounds.entity.Round;
import io.foedus.controller.rounds.entity.Share;
import io.foedus.controller.rounds.entity.SharePhase;
import io.foedus.controller.sessions.entity.Session;
import io.foedus.core.exchange.TaskKind;
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
import java.util.UUID;
import java.util.stream.Collectors;

/** Writes the manifest of a global model, and signs it if it says what the books say. */
@Dependent
class Proofs {
    @Inject
    EntityManager entities;

    @Inject
    Board board;

    @Inject
    Counting counting;

    @Inject
    Origins origins;

    @Inject
    SigningKeys keys;

    Manifest manifest(Session session, Round round, Model base, Digest model) {
        Counted counted = counting.of(round);
        return new Manifest(
                entities.find(Alliance.class, session.allianceId()).name(),
                session.id().toString(),
                round.number(),
                model,
                Optional.of(new Digest(base.digest())),
                counted.inputs().stream()
                        .map(update -> input(session, round, update))
                        .toList(),
                partials(counted),
                base.adaptedAggregator(session.id()).orElse(session.plan().aggregator()),
                session.plan().optimizer(),
                session.plan().toMap(),
                packageDigest(session),
                round.selectionSeed(),
                Optional.ofNullable(base.proof()).map(proof -> new Digest(proof.hash())));
    }

    /** How the manifest differs from what the ledger says now and from what was folded; empty if it does not. */
    Optional<String> difference(Manifest manifest, Round round, Reduction folded) {
        List<Share> reported = board.locked(round.id(), TaskKind.TRAIN).stream()
                .filter(share -> share.phase() == SharePhase.REPORTED)
                .toList();
        return ManifestCheck.difference(
                manifest, new ManifestCheck.Books(claims(round), reported, round.examples()), folded);
    }

    Model.Proof sign(Manifest manifest) {
        byte[] bytes = manifest.bytes();
        return new Model.Proof(
                new String(bytes, StandardCharsets.UTF_8),
                manifest.hash().hex(),
                Base64.getEncoder().encodeToString(keys.sign(bytes)));
    }

    private Input input(Session session, Round round, UpdateView update) {
        return new Input(
                update.client().toString(),
                update.combiner().toString(),
                new Digest(update.digest()),
                update.examples(),
                update.weight(),
                update.staleness(),
                origins.of(session, round, update.staleness()));
    }

    private static Map<String, Digest> partials(Counted counted) {
        return counted.shares().stream()
                .filter(share -> share.partial() != null)
                .collect(Collectors.toMap(
                        (Share share) -> share.combinerId().toString(),
                        share -> new Digest(share.partial().digest())));
    }

    @SuppressWarnings("unchecked")
    private List<ManifestCheck.Claim> claims(Round round) {
        List<Object[]> rows =
                entities.createNativeQuery("""
                        SELECT client_id, combiner_id FROM participation
                        WHERE round_id = ?1 AND kind = 'TRAIN' AND state = 'REPORTED'
                        """).setParameter(1, round.id()).getResultList();
        return rows.stream()
                .map(row -> new ManifestCheck.Claim((UUID) row[0], (UUID) row[1]))
                .toList();
    }

    private Optional<Digest> packageDigest(Session session) {
        return Optional.ofNullable(session.packageId())
                .map(id -> (String) entities.createNativeQuery("SELECT digest FROM compute_package WHERE id = ?1")
                        .setParameter(1, id)
                        .getSingleResult())
                .map(Digest::new);
    }
}
