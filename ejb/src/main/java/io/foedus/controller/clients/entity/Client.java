package io.foedus.controller.clients.entity;

import io.foedus.controller.persistence.JsonObjectConverter;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** A participant with data, member of one alliance, attached to at most one combiner. */
@Entity
@Table(name = "client")
public class Client {
    @Id
    private UUID id;

    @Column(name = "alliance_id")
    private UUID allianceId;

    private String name;

    @Column(name = "external_id")
    private String externalId;

    private String program = "";

    @Convert(converter = JsonObjectConverter.class)
    private Map<String, Object> labels = Map.of();

    @Column(name = "combiner_id")
    private UUID combinerId;

    @Column(name = "preferred_combiner")
    private String preferredCombiner;

    @Enumerated(EnumType.STRING)
    private ClientState state = ClientState.REGISTERED;

    private boolean busy;

    @Column(name = "own_program")
    private boolean ownProgram;

    private String address;

    @Column(name = "package_digest")
    private String packageDigest;

    @Convert(converter = JsonObjectConverter.class)
    private Map<String, Object> telemetry = Map.of();

    private String reason;

    @Column(name = "created_at")
    private Instant createdAt;

    @Column(name = "last_seen_at")
    private Instant lastSeenAt;

    @Version
    private long version;

    protected Client() {}

    /** A client that has joined and not attached yet; {@code externalId} is its id in FEDn's terms, or null. */
    public Client(UUID id, UUID allianceId, String name, String externalId, Instant now) {
        this.id = id;
        this.allianceId = allianceId;
        this.name = name;
        this.externalId = externalId;
        this.createdAt = now;
    }

    /** What the agent says about itself when it asks for a place. */
    public void introduces(String itsProgram, Map<String, Object> itsLabels, String prefers) {
        this.program = itsProgram == null ? program : itsProgram;
        this.labels = itsLabels == null ? labels : Map.copyOf(itsLabels);
        this.preferredCombiner = prefers == null ? preferredCombiner : prefers;
    }

    /** How a FEDn client came: whether it runs its own program, and from which address. */
    public void came(boolean withOwnProgram, String from) {
        ownProgram = withOwnProgram;
        address = from;
    }

    /** A FEDn client that has chosen another name. */
    public void rename(String newName) {
        name = newName;
    }

    /** A FEDn client that has come back under another id of its own. */
    public void returnsAs(String newExternalId) {
        externalId = newExternalId;
    }

    /** A combiner holds its stream now; whichever said so last is right. */
    public void attach(UUID combiner, String digest, Instant now) {
        if (state == ClientState.REVOKED) {
            return;
        }
        combinerId = combiner;
        packageDigest = digest == null || digest.isBlank() ? packageDigest : digest;
        state = ClientState.ATTACHED;
        reason = null;
        lastSeenAt = now;
    }

    /** That combiner does not hold it any more; ignored if another one holds it since. */
    public void detach(UUID combiner, String why, Instant now) {
        if (state == ClientState.ATTACHED && combiner.equals(combinerId)) {
            state = ClientState.DETACHED;
            combinerId = null;
            busy = false;
            reason = why;
            lastSeenAt = now;
        }
    }

    public void revoke(String why) {
        state = ClientState.REVOKED;
        combinerId = null;
        busy = false;
        reason = why;
    }

    public void works(boolean isBusy) {
        busy = isBusy;
    }

    public void reports(Map<String, Object> sample, Instant now) {
        telemetry = Map.copyOf(sample);
        lastSeenAt = now;
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

    public String externalId() {
        return externalId;
    }

    public String program() {
        return program;
    }

    public Map<String, Object> labels() {
        return labels;
    }

    public UUID combinerId() {
        return combinerId;
    }

    public String preferredCombiner() {
        return preferredCombiner;
    }

    public ClientState state() {
        return state;
    }

    public boolean busy() {
        return busy;
    }

    public String packageDigest() {
        return packageDigest;
    }

    public Map<String, Object> telemetry() {
        return telemetry;
    }

    public String reason() {
        return reason;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public Instant lastSeenAt() {
        return lastSeenAt;
    }
}
