package io.foedus.controller.packages.entity;

import io.foedus.controller.persistence.JsonObjectConverter;
import io.foedus.controller.persistence.VersionedEntity;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.NamedQuery;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** An archive with entry points; the bytes are the blob of its digest. */
@Entity
@Table(name = "compute_package")
@NamedQuery(
        name = "ComputePackage.byDigest",
        query = "SELECT p FROM ComputePackage p WHERE p.allianceId = :alliance AND p.digest = :digest")
@NamedQuery(
        name = "ComputePackage.active",
        query = "SELECT p FROM ComputePackage p WHERE p.allianceId = :alliance AND p.active = TRUE")
public class ComputePackage extends VersionedEntity {
    @Column(name = "alliance_id")
    private UUID allianceId;

    private String name;
    private String description = "";

    @Column(name = "file_name")
    private String fileName;

    private String digest;
    private long size;

    @Column(name = "entry_points")
    @Convert(converter = JsonObjectConverter.class)
    private Map<String, Object> entryPoints;

    private String helper = "numpyhelper";
    private boolean active;

    @Column(name = "created_by")
    private UUID createdBy;

    protected ComputePackage() {}

    /** @param entryPoints command by entry point name */
    public ComputePackage(
            UUID id,
            UUID allianceId,
            String name,
            String fileName,
            String digest,
            long size,
            Map<String, Object> entryPoints,
            UUID createdBy,
            Instant now) {
        super(id, now);
        this.allianceId = allianceId;
        this.name = name;
        this.fileName = fileName;
        this.digest = digest;
        this.size = size;
        this.entryPoints = entryPoints;
        this.createdBy = createdBy;
    }

    /**
     * The one new agents get and new sessions begin with; the database allows one per alliance, so deactivate the other
     * first.
     */
    public void activate() {
        active = true;
    }

    /** What people should know about it, and FEDn's name of its model format. */
    public void describe(String text, String itsHelper) {
        description = text;
        helper = itsHelper;
    }

    public void deactivate() {
        active = false;
    }

    public UUID allianceId() {
        return allianceId;
    }

    public String name() {
        return name;
    }

    public String digest() {
        return digest;
    }
}
