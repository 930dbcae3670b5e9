package io.foedus.controller.models.entity;

import io.foedus.controller.persistence.JsonListConverter;
import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.TensorSpec;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A link of the model trail: a file by its digest, the model it came from, and what made it. Never changed after it is
 * written; a seed model has neither parent nor round.
 */
@Entity
@Table(name = "model")
public class Model {
    @Id
    private UUID id;

    @Column(name = "alliance_id")
    private UUID allianceId;

    private String name;

    @Column(name = "parent_id")
    private UUID parentId;

    @Column(name = "session_id")
    private UUID sessionId;

    @Column(name = "round_id")
    private UUID roundId;

    private String digest;
    private long size;
    private String format;

    @Convert(converter = JsonListConverter.class)
    private List<Map<String, Object>> layout;

    private String manifest;

    @Column(name = "manifest_hash")
    private String manifestHash;

    private String signature;

    @Column(name = "optimizer_state")
    private String optimizerState;

    @Column(name = "next_aggregator")
    private String nextAggregator;

    @Column(name = "created_by")
    private UUID createdBy;

    @Column(name = "created_at")
    private Instant createdAt;

    protected Model() {}

    private Model(UUID id, UUID allianceId, String name, File file, Instant createdAt) {
        this.id = id;
        this.allianceId = allianceId;
        this.name = name;
        this.digest = file.digest();
        this.size = file.size();
        this.format = file.format();
        this.layout = file.layout();
        this.createdAt = createdAt;
    }

    /**
     * The bytes of a model.
     *
     * @param digest SHA-256, hexadecimal
     * @param format {@code npz}, {@code safetensors} or {@code raw}
     * @param layout one object {@code {name, dtype, shape}} per tensor, in order
     */
    public record File(String digest, long size, String format, List<Map<String, Object>> layout) {
        /** An open file whose digest and size are known. */
        public static File of(Digest digest, long size, ModelFile file) {
            List<Map<String, Object>> tensors = new ArrayList<>();
            for (TensorSpec tensor : file.layout().tensors()) {
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("name", tensor.name());
                json.put("dtype", tensor.dtype().label());
                json.put("shape", tensor.shape());
                tensors.add(json);
            }
            return new File(digest.hex(), size, file.format().id(), tensors);
        }
    }

    /** What proves where a global model came from: the manifest's text, its hash and the installation's signature. */
    public record Proof(String manifest, String hash, String signature) {}

    /** A model to begin with, brought by a person. */
    public static Model seed(UUID id, UUID allianceId, String name, File file, UUID createdBy, Instant now) {
        Model model = new Model(id, allianceId, name, file, now);
        model.createdBy = createdBy;
        return model;
    }

    /** Which round of which session made a model. */
    public record Origin(UUID sessionId, UUID roundId) {}

    /**
     * What the root remembers after a round.
     *
     * @param optimizerState digest of what the server optimizer remembers, or null
     * @param nextAggregator spec of an adapting rule as the session's next round is to use it, or null
     */
    public record Memory(String optimizerState, String nextAggregator) {}

    /** The result of a round. */
    public static Model ofRound(
            UUID id, Model parent, Origin origin, String name, File file, Proof proof, Memory memory, Instant now) {
        Model model = new Model(id, parent.allianceId, name, file, now);
        model.parentId = parent.id;
        model.sessionId = origin.sessionId();
        model.roundId = origin.roundId();
        model.optimizerState = memory.optimizerState();
        model.nextAggregator = memory.nextAggregator();
        model.manifest = proof.manifest();
        model.manifestHash = proof.hash();
        model.signature = proof.signature();
        return model;
    }

    public UUID id() {
        return id;
    }

    public UUID allianceId() {
        return allianceId;
    }

    public String name() {
        return name;
    }

    /** Its name, or its id where it has none. */
    public String label() {
        return name == null || name.isBlank() ? id.toString() : name;
    }

    public File file() {
        return new File(digest, size, format, layout);
    }

    public String digest() {
        return digest;
    }

    public long size() {
        return size;
    }

    public String format() {
        return format;
    }

    /** Null of a seed model. */
    public Proof proof() {
        return manifest == null ? null : new Proof(manifest, manifestHash, signature);
    }

    /**
     * Digest of what the server optimizer of that session remembers after the round that made this model; empty for
     * another session's, which begins anew.
     */
    public Optional<String> optimizerStateIn(UUID session) {
        return session.equals(sessionId) ? Optional.ofNullable(optimizerState) : Optional.empty();
    }

    /** What an adapting rule has come to in that session; empty if the session's plan says it. */
    public Optional<String> adaptedAggregator(UUID session) {
        return session.equals(sessionId) ? Optional.ofNullable(nextAggregator) : Optional.empty();
    }

    public Instant createdAt() {
        return createdAt;
    }
}
