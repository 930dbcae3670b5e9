package io.foedus.controller.models.boundary;

import io.foedus.controller.alliances.boundary.Policies;
import io.foedus.controller.audit.boundary.AuditLog;
import io.foedus.controller.blobs.BlobReferences;
import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.identity.boundary.SigningKeys;
import io.foedus.controller.identity.entity.AccessPolicy;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.listing.Listing;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import io.foedus.controller.models.entity.Model;
import io.foedus.controller.news.boundary.News;
import io.foedus.controller.news.entity.Topic;
import io.foedus.controller.persistence.InstantConverter;
import io.foedus.controller.persistence.TimeOrderedId;
import io.foedus.controller.refusals.Refusal;
import io.foedus.controller.scrub.boundary.BlobChecks;
import io.foedus.controller.scrub.entity.BlobCheck;
import io.foedus.controller.validation.boundary.MetricSummary;
import io.foedus.controller.validation.boundary.ValidationView;
import io.foedus.controller.validation.boundary.Validations;
import io.foedus.core.blobs.BlobStore;
import io.foedus.core.blobs.Soundness;
import io.foedus.core.lineage.Manifest;
import io.foedus.core.models.Admission;
import io.foedus.core.models.AdmissionResult;
import io.foedus.core.models.Difference;
import io.foedus.core.models.Digest;
import io.foedus.core.models.MalformedModelException;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelFormat;
import io.foedus.core.models.ModelFormats;
import io.foedus.core.models.ReadLimits;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Takes in seed models and shows the model trail. */
@Stateless
public class Models {
    private static final String COLUMNS = "m.id, m.name, m.parent_id, m.session_id, m.round_id, r.number, m.digest,"
            + " m.size, m.format, m.created_at";
    private static final String ROWS = "model m LEFT JOIN round r ON r.id = m.round_id WHERE ";
    private static final Listing<ModelView> OF_ALLIANCE = listing("m.alliance_id = ?1");
    private static final int LONGEST_TRAIL = 10_000;

    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    ControllerConfig config;

    @Inject
    BlobStore blobs;

    @Inject
    Validations validations;

    @Inject
    SigningKeys keys;

    @Inject
    News news;

    @Inject
    Policies policies;

    @Inject
    AuditLog audit;

    @Inject
    BlobChecks checks;

    /**
     * Keeps a seed model that was received into a local file. The file is gone afterwards. The bytes of a seed model
     * that is not sound any more mend it.
     *
     * @param format null to recognise it
     * @throws Refusal {@code NOT_A_MODEL} saying why, {@code MODEL_EXISTS} naming the id of the same bytes
     */
    public ModelView upload(Actor actor, UUID alliance, String name, String format, Path file) {
        AccessPolicy.require(actor, Action.OPERATE, alliance, "alliance", alliance);
        try {
            Model.File content = read(file, format);
            Digest digest = new Digest(content.digest());
            Optional<UUID> same = sameSeed(alliance, content.digest());
            if (same.isPresent() && !checks.isUnsound(digest)) {
                throw exists(same.get());
            }
            BlobReferences.protect(entities);
            blobs.adopt(file);
            checks.stored(digest);
            if (same.isPresent()) {
                audit.done(actor.label(), "model.restored", name, alliance, Map.of("digest", content.digest()));
                return get(actor, same.get());
            }
            Model model = Model.seed(
                    TimeOrderedId.next(clock),
                    alliance,
                    name == null || name.isBlank() ? "seed" : name.strip(),
                    content,
                    actor.accountId(),
                    clock.instant());
            entities.persist(model);
            entities.flush();
            news.tell(Topic.MODELS, alliance);
            audit.done(actor.label(), "model.uploaded", model.name(), alliance, Map.of("digest", model.digest()));
            return get(actor, model.id());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a seed model the latest again, so that the next session that names none begins with it. */
    public void renew(Actor actor, UUID id) {
        Model model = readable(actor, id, Action.OPERATE);
        entities.createNativeQuery("UPDATE model SET created_at = ?2 WHERE id = ?1 AND round_id IS NULL")
                .setParameter(1, id)
                .setParameter(2, clock.instant().atOffset(ZoneOffset.UTC))
                .executeUpdate();
        news.tell(Topic.MODELS, model.allianceId());
        audit.done(actor.label(), "model.renewed", model.name(), model.allianceId(), Map.of("digest", model.digest()));
    }

    public ModelView get(Actor actor, UUID id) {
        return one(readable(actor, id, Action.READ));
    }

    /** Newest first; columns to sort and filter by: id, name, session, format, roundNumber, size, createdAt. */
    public Page<ModelView> list(Actor actor, UUID alliance, Query query) {
        AccessPolicy.require(actor, Action.READ, alliance, "alliance", alliance);
        return measured(OF_ALLIANCE.page(entities, query, alliance));
    }

    /** The model's ancestors, nearest first; at most ten thousand. */
    @SuppressWarnings("unchecked")
    public List<ModelView> trail(Actor actor, UUID id) {
        readable(actor, id, Action.READ);
        List<Object[]> rows = entities.createNativeQuery(
                        "WITH RECURSIVE trail AS (SELECT id, parent_id, 0 AS depth FROM"
                                + " model WHERE id = ?1 UNION ALL SELECT p.id, p.parent_id, t.depth + 1 FROM model p JOIN trail t"
                                + " ON p.id = t.parent_id WHERE t.depth < " + LONGEST_TRAIL + ") SELECT " + COLUMNS
                                + " FROM trail t JOIN model m ON m.id = t.id LEFT JOIN round r ON r.id = m.round_id"
                                + " WHERE t.depth > 0 ORDER BY t.depth")
                .setParameter(1, id)
                .getResultList();
        return rows.stream().map(Models::view).toList();
    }

    /** @throws Refusal {@code UNKNOWN_MANIFEST} of a seed model */
    public ManifestView manifest(Actor actor, UUID id) {
        Model model = readable(actor, id, Action.READ);
        if (model.proof() == null) {
            throw Refusal.unknown("manifest", id);
        }
        return new ManifestView(
                model.proof().manifest(), model.proof().hash(), model.proof().signature(), keys.publicKey());
    }

    /**
     * The digest of an update or partial that went into the model, for an operator who recomputes it.
     *
     * @throws Refusal {@code UNKNOWN_INPUT} if its manifest does not name it
     */
    public Digest input(Actor actor, UUID id, String digest) {
        Model model = readable(actor, id, Action.OPERATE);
        boolean named = model.proof() != null
                && Manifest.parse(model.proof().manifest().getBytes(StandardCharsets.UTF_8))
                        .names(digest);
        if (!named) {
            throw Refusal.unknown("input", digest);
        }
        return new Digest(digest);
    }

    public Page<ValidationView> validations(Actor actor, UUID id, Query query) {
        readable(actor, id, Action.READ);
        return validations.ofModel(id, query);
    }

    /** The model's file, for somebody who may have its bytes. */
    public ModelView download(Actor actor, UUID id) {
        Model model = readable(actor, id, Action.READ);
        policies.requireDownload(actor, model.allianceId(), id);
        Digest digest = new Digest(model.digest());
        Optional<Soundness> unsound =
                checks.of(digest).map(BlobCheck::soundness).filter(found -> found != Soundness.SOUND);
        if (unsound.isPresent()) {
            throw Refusal.conflict(
                    "MODEL_DAMAGED",
                    "Model '" + model.label() + "' " + unsound.get().words() + ".",
                    "Put the same bytes back from a backup, or download another model of the trail.");
        }
        return one(model);
    }

    /**
     * How far two models are apart, tensor by tensor. Reads both files whole, outside any transaction.
     *
     * @throws Refusal {@code MODELS_NOT_COMPARABLE} if their tensors do not correspond
     */
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public Difference difference(Actor actor, UUID first, UUID second) {
        try (ModelFile one = opened(readable(actor, first, Action.READ));
                ModelFile other = opened(readable(actor, second, Action.READ))) {
            return Difference.between(one, other);
        } catch (IllegalArgumentException e) {
            throw Refusal.conflict(
                    "MODELS_NOT_COMPARABLE",
                    "The weights cannot be compared: " + e.getMessage() + ".",
                    "Compare models of one shape, for example two of the same session.");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ModelFile opened(Model model) throws IOException {
        return ModelFile.open(blobs.file(new Digest(model.digest())), ModelFormats.byId(model.format()));
    }

    private Model readable(Actor actor, UUID id, Action action) {
        Model model = entities.find(Model.class, id);
        if (model == null) {
            throw Refusal.unknown("model", id);
        }
        AccessPolicy.require(actor, action, model.allianceId(), "model", id);
        return model;
    }

    private ModelView one(Model model) {
        return measured(OF_ALLIANCE.page(
                        entities, Query.first(1).where("id", model.id().toString()), model.allianceId()))
                .items()
                .get(0);
    }

    private Page<ModelView> measured(Page<ModelView> page) {
        Map<UUID, Map<String, MetricSummary>> summaries =
                validations.summaries(page.items().stream().map(ModelView::id).toList());
        List<ModelView> items = new ArrayList<>();
        page.items().forEach(model -> items.add(model.with(summaries.getOrDefault(model.id(), Map.of()))));
        return new Page<>(items, page.next(), page.total());
    }

    private Model.File read(Path file, String format) throws IOException {
        try {
            Optional<ModelFormat> named = format == null || format.isBlank()
                    ? Optional.empty()
                    : Optional.of(ModelFormats.byId(format.strip()));
            Admission any = Admission.ofSeed(config.limits().modelBytes());
            AdmissionResult judged = named.map(any::expecting)
                    .orElse(any)
                    .judge(file, Optional.empty(), Optional.empty(), Optional.empty());
            if (judged instanceof AdmissionResult.Rejected rejected) {
                throw notAModel(file, rejected.reason());
            }
            try (ModelFile model = ModelFile.open(file, named, ReadLimits.DEFAULT)) {
                return Model.File.of(Digest.of(file), Files.size(file), model);
            }
        } catch (IllegalArgumentException | MalformedModelException e) {
            throw notAModel(file, String.valueOf(e.getMessage()));
        }
    }

    /** The sender knows nothing of the file's name here. */
    private static Refusal notAModel(Path file, String why) {
        return Refusal.unacceptable(
                "NOT_A_MODEL",
                "This is not a model that can be trained: "
                        + why.replace(String.valueOf(file.getFileName()), "the upload") + ".",
                "Send npz, safetensors or raw.");
    }

    @SuppressWarnings("unchecked")
    private Optional<UUID> sameSeed(UUID alliance, String digest) {
        List<UUID> same = entities.createNativeQuery(
                        "SELECT id FROM model WHERE alliance_id = ?1 AND digest = ?2 AND round_id IS NULL")
                .setParameter(1, alliance)
                .setParameter(2, digest)
                .getResultList();
        return same.stream().findFirst();
    }

    private static Refusal exists(UUID same) {
        return Refusal.conflict(
                        "MODEL_EXISTS", "The same bytes are here already as model " + same + ".", "Use that model.")
                .with("id", same);
    }

    private static Listing<ModelView> listing(String which) {
        return Listing.of(COLUMNS, ROWS + which, "m.created_at DESC, m.id DESC", Models::view)
                .exact("id", "m.id")
                .text("name", "m.name")
                .exact("session", "m.session_id")
                .exact("format", "m.format")
                .exact("roundNumber", "r.number")
                .exact("size", "m.size")
                .exact("createdAt", "m.created_at");
    }

    private static ModelView view(Object[] row) {
        return new ModelView(
                (UUID) row[0],
                (String) row[1],
                (UUID) row[2],
                (UUID) row[3],
                (UUID) row[4],
                row[5] == null ? null : ((Number) row[5]).intValue(),
                (String) row[6],
                ((Number) row[7]).longValue(),
                (String) row[8],
                Map.of(),
                InstantConverter.of(row[9]));
    }
}
