package io.foedus.controller.persistence;

import jakarta.persistence.Column;
import jakarta.persistence.Id;
import jakarta.persistence.MappedSuperclass;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.UUID;

/** What rows that people and programs change have in common: who they are, since when, and how often they changed. */
@MappedSuperclass
public abstract class VersionedEntity {
    @Id
    private UUID id;

    @Column(name = "created_at")
    private Instant createdAt;

    @Version
    private long version;

    /** For the persistence provider. */
    protected VersionedEntity() {}

    protected VersionedEntity(UUID id, Instant createdAt) {
        this.id = id;
        this.createdAt = createdAt;
    }

    public UUID id() {
        return id;
    }

    public Instant createdAt() {
        return createdAt;
    }
}
