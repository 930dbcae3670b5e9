package io.foedus.controller.models.boundary;

import io.foedus.controller.alliances.boundary.Policies;
import io.foedus.controller.audit.boundary.AuditLog;
import io.foedus.controller.blobs.BlobReferences;
import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.identity.boundary.SigningKeys;
import io.foedus.controller.identity.entity.AccessPolicy;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import io.foedus.controller.models.entity.Model;
import io.foedus.controller.news.boundary.News;
import io.foedus.controller.news.entity.Topic;
import io.foedus.controller.persistence.Sql;
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
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Takes in seed models and shows the model trail. */
@Stateless
public class Models {
    private static final int LONGEST_TRAIL = 10_000;
    private static final int NEXT_OF_KIN = 50;
    private static final int MOST_VALIDATIONS = 10_000;
    private static final int DRAWN = 5_000;

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
            Optional<UUID> same = seedOf(alliance, content.digest());
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
        touch(id);
        news.tell(Topic.MODELS, model.allianceId());
        audit.done(actor.label(), "model.renewed", model.name(), model.allianceId(), Map.of("digest", model.digest()));
    }

    private void touch(UUID seed) {
        Sql.of(entities, "UPDATE model SET created_at = :now WHERE id = :seed AND round_id IS NULL")
                .with("now", clock.instant())
                .with("seed", seed)
                .run();
    }

    /** With all metrics. */
    public ModelView get(Actor actor, UUID id) {
        return one(readable(actor, id, Action.READ));
    }

    /**
     * Newest first, with all metrics; columns to sort and filter by: name, session (its name), sessionId, digest,
     * format, roundNumber, size, createdAt.
     */
    public Page<ModelView> list(Actor actor, UUID alliance, Query query) {
        return measured(page(actor, alliance, "", query), validations::summaries);
    }

    /** The same with one metric only, which may be sorted by as {@code mean}, that over the clients. */
    public Page<ModelView> list(Actor actor, UUID alliance, String metric, Query query) {
        return measured(page(actor, alliance, metric, query), models -> validations.summaries(models, metric));
    }

    private Page<ModelView> page(Actor actor, UUID alliance, String metric, Query query) {
        AccessPolicy.require(actor, Action.READ, alliance, "alliance", alliance);
        return ModelRows.OF_ALLIANCE.page(entities, query, Map.of("alliance", alliance, "metric", metric));
    }

    /** The model's ancestors, nearest first, without metrics; at most ten thousand. */
    public List<ModelView> trail(Actor actor, UUID id) {
        readable(actor, id, Action.READ);
        return trail(id, LONGEST_TRAIL);
    }

    private List<ModelView> trail(UUID id, int most) {
        return ModelRows.TRAIL.first(entities, most, Map.of("id", id, "most", most));
    }

    /**
     * One model with its proof, ancestors and children, and what clients say of each.
     *
     * @param metric the only one that counts here
     */
    public ModelFacts facts(Actor actor, UUID id, String metric) {
        Model model = readable(actor, id, Action.READ);
        return new ModelFacts(
                measured(ModelRows.ONE.first(entities, 1, Map.of("id", id)), metric)
                        .get(0),
                model.file().layout(),
                model.proof() == null ? null : manifest(model),
                creator(id),
                measured(trail(id, NEXT_OF_KIN), metric),
                measured(ModelRows.CHILDREN.first(entities, NEXT_OF_KIN, Map.of("id", id)), metric));
    }

    private String creator(UUID id) {
        return Sql.of(entities, "SELECT a.name FROM model m JOIN account a ON a.id = m.created_by WHERE m.id = :id")
                .with("id", id)
                .first(row -> row.text(0))
                .orElse(null);
    }

    /** Parent by model, the newest five thousand of the alliance, newest first; a seed model's parent is null. */
    public Map<UUID, UUID> parents(Actor actor, UUID alliance) {
        AccessPolicy.require(actor, Action.READ, alliance, "alliance", alliance);
        Map<UUID, UUID> parents = new LinkedHashMap<>();
        Sql.of(entities, """
                        SELECT id, parent_id FROM model WHERE alliance_id = :alliance
                        ORDER BY created_at DESC, id DESC LIMIT :most
                        """)
                .with("alliance", alliance)
                .with("most", DRAWN)
                .list(row -> parents.put(row.id(0), row.id(1)));
        return parents;
    }

    /** @throws Refusal {@code UNKNOWN_MANIFEST} of a seed model */
    public ManifestView manifest(Actor actor, UUID id) {
        Model model = readable(actor, id, Action.READ);
        if (model.proof() == null) {
            throw Refusal.unknown("manifest", id);
        }
        return manifest(model);
    }

    private ManifestView manifest(Model model) {
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

    /** What each client said of it, by name; at most ten thousand. */
    public List<ValidationView> validations(Actor actor, UUID id) {
        readable(actor, id, Action.READ);
        return validations.ofModel(id, MOST_VALIDATIONS);
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
        List<ModelView> one = ModelRows.ONE.first(entities, 1, Map.of("id", model.id()));
        return measured(new Page<>(one, null, 1), validations::summaries)
                .items()
                .get(0);
    }

    private List<ModelView> measured(List<ModelView> models, String metric) {
        return measured(new Page<>(models, null, models.size()), ids -> validations.summaries(ids, metric))
                .items();
    }

    private static Page<ModelView> measured(
            Page<ModelView> page, Function<Collection<UUID>, Map<UUID, Map<String, MetricSummary>>> summaries) {
        Map<UUID, Map<String, MetricSummary>> measured =
                summaries.apply(page.items().stream().map(ModelView::id).toList());
        List<ModelView> items = page.items().stream()
                .map(model -> model.with(measured.getOrDefault(model.id(), Map.of())))
                .toList();
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

    private static Refusal exists(UUID same) {
        return Refusal.conflict(
                        "MODEL_EXISTS", "The same bytes are here already as model " + same + ".", "Use that model.")
                .with("id", same);
    }

    private Optional<UUID> seedOf(UUID alliance, String digest) {
        return Sql.of(entities, """
                        SELECT id FROM model WHERE alliance_id = :alliance AND digest = :digest AND round_id IS NULL
                        """)
                .with("alliance", alliance)
                .with("digest", digest)
                .first(row -> row.id(0));
    }
}
