package io.foedus.controller.identity.boundary;

import io.foedus.controller.audit.boundary.AuditLog;
import io.foedus.controller.audit.boundary.AuditLog.Verification;
import io.foedus.controller.audit.entity.AuditEntry.Outcome;
import io.foedus.controller.identity.entity.AccessPolicy;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.listing.Listing;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import io.foedus.controller.persistence.Json;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.Map;

/** The audit log for those who may read it: admins. */
@Stateless
public class AuditTrail {
    private static final Listing<Entry> NEWEST_FIRST = Listing.of(
                    "u.seq, u.at, u.actor, u.action, u.object, a.name, u.outcome, u.details, u.hash",
                    "audit u",
                    "LEFT JOIN alliance a ON a.id = u.alliance_id",
                    row -> new Entry(
                            row.whole(0),
                            row.instant(1),
                            row.text(2),
                            row.text(3),
                            row.text(4),
                            row.text(5),
                            row.one(Outcome.class, 6),
                            Json.object(row.text(7)),
                            row.text(8)))
            .orderedBy("u.seq DESC")
            .text("actor", "u.actor")
            .text("action", "u.action")
            .text("object", "u.object")
            .exact("alliance", "a.name")
            .exact("outcome", "u.outcome")
            .exact("seq", "u.seq");

    @Inject
    EntityManager entities;

    @Inject
    AuditLog log;

    /** An entry; {@code alliance} is null for the installation and for alliances that are gone. */
    public record Entry(
            long seq,
            Instant at,
            String actor,
            String action,
            String object,
            String alliance,
            Outcome outcome,
            Map<String, Object> details,
            String hash) {}

    /** Newest first. */
    public Page<Entry> page(Actor actor, Query query) {
        AccessPolicy.require(actor, Action.ADMINISTER);
        return NEWEST_FIRST.page(entities, query, Map.of());
    }

    public Verification verify(Actor actor) {
        AccessPolicy.require(actor, Action.ADMINISTER);
        return log.verify();
    }

    /** Notes that something was refused for lack of permission. */
    public void denied(Actor actor, String request, String reason) {
        log.notDone(actor.label(), "authz.denied", request, null, Outcome.DENIED, Map.of("reason", reason));
    }
}
