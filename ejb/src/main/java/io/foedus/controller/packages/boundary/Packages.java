package io.foedus.controller.packages.boundary;

import io.foedus.controller.audit.boundary.AuditLog;
import io.foedus.controller.blobs.BlobReferences;
import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.identity.entity.AccessPolicy;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.listing.Listing;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import io.foedus.controller.packages.control.Archive;
import io.foedus.controller.packages.entity.ComputePackage;
import io.foedus.controller.persistence.Row;
import io.foedus.controller.persistence.TimeOrderedId;
import io.foedus.controller.refusals.Refusal;
import io.foedus.controller.scrub.boundary.BlobChecks;
import io.foedus.core.blobs.BlobStore;
import io.foedus.core.models.Digest;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Takes in compute packages, shows them, says which one is active. */
@Stateless
public class Packages {
    private static final Listing<PackageView> ALL = Listing.of(
                    """
                    p.id, p.name, p.description, p.file_name, p.digest, p.size, p.entry_points, p.helper, p.active,
                    a.name AS creator, (SELECT count(*) FROM session s WHERE s.package_id = p.id) AS sessions, p.created_at
                    """, "compute_package p", "LEFT JOIN account a ON a.id = p.created_by", Packages::view)
            .orderedBy("p.created_at DESC")
            .text("name", "p.name")
            .text("digest", "p.digest")
            .exact("size", "p.size")
            .exact("createdAt", "p.created_at");
    private static final Listing<PackageView> OF_ALLIANCE = ALL.where("p.alliance_id = :alliance");
    private static final Listing<PackageView> ACTIVE = ALL.where("p.alliance_id = :alliance AND p.active");
    private static final Listing<PackageView> ONE = ALL.where("p.alliance_id = :alliance AND p.id = :id");

    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    ControllerConfig config;

    @Inject
    BlobStore blobs;

    @Inject
    AuditLog audit;

    @Inject
    BlobChecks checks;

    /**
     * Keeps an archive that was received into a local file. The file is gone afterwards.
     *
     * @param name null for the file's name
     * @throws Refusal {@code PACKAGE_EXISTS} naming the id of the same bytes, or what makes the archive unacceptable
     */
    public PackageView upload(Actor actor, UUID alliance, String name, String fileName, Path file, boolean activate) {
        AccessPolicy.require(actor, Action.OPERATE, alliance, "alliance", alliance);
        try {
            Archive archive = Archive.check(file, config.limits());
            Digest digest = Digest.of(file);
            Optional<ComputePackage> same = withDigest(alliance, digest.hex());
            if (same.isPresent() && !checks.isUnsound(digest)) {
                throw exists(same.get());
            }
            BlobReferences.protect(entities);
            blobs.adopt(file);
            checks.stored(digest);
            if (same.isPresent()) {
                audit.done(
                        actor.label(), "package.restored", same.get().name(), alliance, Map.of("digest", digest.hex()));
                return view(same.get());
            }
            String label = label(fileName);
            ComputePackage row = new ComputePackage(
                    TimeOrderedId.next(clock),
                    alliance,
                    name == null || name.isBlank() ? label : name.strip(),
                    label,
                    digest.hex(),
                    archive.size(),
                    archive.entryPoints(),
                    actor.accountId(),
                    clock.instant());
            entities.persist(row);
            entities.flush();
            if (activate) {
                makeActive(row);
            }
            audit.done(actor.label(), "package.uploaded", row.name(), alliance, Map.of("digest", row.digest()));
            return view(row);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** New agents get it, new sessions begin with it. */
    public PackageView activate(Actor actor, UUID alliance, UUID id) {
        AccessPolicy.require(actor, Action.OPERATE, alliance, "package", id);
        ComputePackage row = find(alliance, id);
        makeActive(row);
        audit.done(actor.label(), "package.activated", row.name(), alliance, Map.of("digest", row.digest()));
        return view(row);
    }

    /** @param helper FEDn's name of the model format, which its clients are told */
    public PackageView describe(Actor actor, UUID alliance, UUID id, String description, String helper) {
        AccessPolicy.require(actor, Action.OPERATE, alliance, "package", id);
        ComputePackage row = find(alliance, id);
        row.describe(description, helper);
        return view(row);
    }

    /** The active package, for whoever is in the alliance or about to join it. */
    public Optional<PackageView> active(Actor actor, UUID alliance) {
        if (!AccessPolicy.sees(actor, alliance)) {
            throw Refusal.unknown("alliance", alliance);
        }
        return ACTIVE.one(entities, Map.of("alliance", alliance));
    }

    /** Whether the agent's alliance has a package with this digest. */
    public boolean has(Actor agent, String digest) {
        return withDigest(agent.allianceId(), digest).isPresent();
    }

    public PackageView get(Actor actor, UUID alliance, UUID id) {
        AccessPolicy.require(actor, Action.READ, alliance, "package", id);
        return view(find(alliance, id));
    }

    /** Newest first; columns to sort and filter by: name, digest, size, createdAt. */
    public Page<PackageView> list(Actor actor, UUID alliance, Query query) {
        AccessPolicy.require(actor, Action.READ, alliance, "alliance", alliance);
        return OF_ALLIANCE.page(entities, query, Map.of("alliance", alliance));
    }

    /** @throws Refusal {@code PACKAGE_IN_USE} if a session works with it */
    public void delete(Actor actor, UUID alliance, UUID id) {
        AccessPolicy.require(actor, Action.OPERATE, alliance, "package", id);
        ComputePackage row = find(alliance, id);
        int uses = view(row).sessions();
        if (uses > 0) {
            throw Refusal.conflict(
                    "PACKAGE_IN_USE",
                    "Package '" + row.name() + "' belongs to " + uses + " sessions.",
                    "Activate another one instead.");
        }
        entities.remove(row);
        audit.done(actor.label(), "package.deleted", row.name(), alliance, Map.of("digest", row.digest()));
    }

    /** The last name of a path, fit for a header; whoever downloads the package may take it for a file's name. */
    private static String label(String fileName) {
        String last =
                fileName == null ? "" : fileName.replaceFirst(".*[/\\\\]", "").strip();
        return last.isBlank() ? "package.tgz" : last.replaceAll("[^\\w.+ -]", "_");
    }

    private void makeActive(ComputePackage row) {
        entities.createNamedQuery("ComputePackage.active", ComputePackage.class)
                .setParameter("alliance", row.allianceId())
                .getResultList()
                .forEach(ComputePackage::deactivate);
        entities.flush();
        row.activate();
    }

    private static Refusal exists(ComputePackage same) {
        return Refusal.conflict(
                        "PACKAGE_EXISTS",
                        "The same bytes are here already as package '" + same.name() + "'.",
                        "Use package " + same.id() + ".")
                .with("id", same.id());
    }

    private Optional<ComputePackage> withDigest(UUID alliance, String digest) {
        return entities.createQuery(
                        "SELECT p FROM ComputePackage p WHERE p.allianceId = :alliance AND p.digest = :digest",
                        ComputePackage.class)
                .setParameter("alliance", alliance)
                .setParameter("digest", digest)
                .getResultStream()
                .findFirst();
    }

    private ComputePackage find(UUID alliance, UUID id) {
        ComputePackage row = entities.find(ComputePackage.class, id);
        if (row == null || !row.allianceId().equals(alliance)) {
            throw Refusal.unknown("package", id);
        }
        return row;
    }

    private PackageView view(ComputePackage row) {
        entities.flush();
        return ONE.one(entities, Map.of("alliance", row.allianceId(), "id", row.id()))
                .orElseThrow();
    }

    private static PackageView view(Row row) {
        return new PackageView(
                row.id(0),
                row.text(1),
                row.text(2),
                row.text(3),
                row.text(4),
                row.whole(5),
                row.object(6),
                row.text(7),
                row.yes(8),
                row.text(9),
                row.count(10),
                row.instant(11));
    }
}
