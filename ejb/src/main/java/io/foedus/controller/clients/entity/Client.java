package io.foedus.controller.clients.entity;

import io.foedus.controller.persistence.JsonObjectConverter;
import io.foedus.controller.persistence.VersionedEntity;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** A participant with data, member of one alliance, attached to at most one combiner. */
@Entity
@Table(name = "client")
public class Client extends VersionedEntity {
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

    @Column(name = "last_seen_at")
    private Instant lastSeenAt;

    protected Client() {}

    /** A client that has joined and not attached yet; {@code externalId} is its id in FEDn's terms, or null. */
    public Client(UUID id, UUID allianceId, String name, String externalId, Instant now) {
        super(id, now);
        this.allianceId = allianceId;
        this.name = name;
        this.externalId = externalId;
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

    public void revoke(String why) {
        state = ClientState.REVOKED;
        combinerId = null;
        busy = false;
        reason = why;
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

    public Instant lastSeenAt() {
        return lastSeenAt;
    }
}
