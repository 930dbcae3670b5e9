package io.foedus.controller.insight.boundary;

import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.insight.control.Rows;
import io.foedus.controller.insight.control.Sight;
import io.foedus.controller.insight.entity.PackageLine;
import io.foedus.controller.listing.Listing;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.UUID;

/** Compute packages and who uses them. */
@Stateless
public class PackageInsight {
    private static final Listing<PackageLine> ALL = Listing.of(
                    "p.id, p.name, p.file_name, p.digest, p.size, CAST(p.entry_points AS text) AS entry_points, p.active,"
                            + " a.name AS by, p.created_at, (SELECT count(*) FROM session s WHERE s.package_id = p.id) AS sessions",
                    "compute_package p LEFT JOIN account a ON a.id = p.created_by WHERE p.alliance_id = CAST(?1 AS uuid)",
                    "p.created_at DESC",
                    PackageInsight::line)
            .text("name", "p.name")
            .text("digest", "p.digest")
            .exact("size", "p.size")
            .exact("createdAt", "p.created_at");

    @Inject
    EntityManager entities;

    @Inject
    Sight sight;

    /** Packages of the alliance, the newest first. */
    public Page<PackageLine> list(Actor actor, UUID alliance, Query query) {
        sight.ofAlliance(actor, alliance);
        return ALL.page(entities, query, alliance.toString());
    }

    private static PackageLine line(Object[] values) {
        Rows row = Rows.of(values);
        return new PackageLine(
                row.id(0),
                row.text(1),
                row.text(2),
                row.text(3),
                row.whole(4),
                row.object(5),
                row.yes(6),
                row.text(7),
                row.instant(8),
                row.count(9));
    }
}
