package io.foedus.controller.scrub.entity;

import io.foedus.core.blobs.Soundness;
import io.foedus.core.models.Digest;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** When a blob was last read again, and how it was. */
@Entity
@Table(name = "blob_check")
public class BlobCheck {
    @Id
    private String digest;

    @Enumerated(EnumType.STRING)
    private Soundness soundness;

    @Column(name = "checked_at")
    private Instant checkedAt;

    protected BlobCheck() {}

    public Digest digest() {
        return new Digest(digest);
    }

    public Soundness soundness() {
        return soundness;
    }

    public boolean isSound() {
        return soundness == Soundness.SOUND;
    }

    public Instant checkedAt() {
        return checkedAt;
    }
}
