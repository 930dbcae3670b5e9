package io.foedus.controller.alliances.boundary;

import io.foedus.controller.alliances.entity.Alliance;
import io.foedus.controller.audit.boundary.AuditLog;
import io.foedus.controller.identity.entity.AccessPolicy;
import io.foedus.controller.identity.entity.Account;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.identity.entity.Member;
import io.foedus.controller.identity.entity.Role;
import io.foedus.controller.listing.Listing;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import io.foedus.controller.persistence.Sql;
import io.foedus.controller.persistence.TimeOrderedId;
import io.foedus.controller.refusals.Refusal;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** Alliances and who is in them. */
@Stateless
public class Alliances {
    private static final String NAME = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
    private static final Listing<AllianceView> VISIBLE = Listing.of(
                    "a.id, a.name, a.title, a.description, a.created_at, m.role",
                    "alliance a LEFT JOIN member m ON m.alliance_id = a.id AND m.account_id = :account",
                    "",
                    row -> new AllianceView(
                            row.id(0), row.text(1), row.text(2), row.text(3), row.one(Role.class, 5), row.instant(4)))
            .where("(m.role IS NOT NULL OR :admin)")
            .orderedBy("a.name")
            .text("name", "a.name")
            .text("title", "a.title");
    private static final Listing<MemberView> MEMBERS = Listing.of(
                    "c.name, m.role, m.created_at",
                    "member m",
                    "JOIN account c ON c.id = m.account_id",
                    row -> new MemberView(row.text(0), row.one(Role.class, 1), row.instant(2)))
            .where("m.alliance_id = :alliance")
            .orderedBy("c.name")
            .text("account", "c.name")
            .exact("role", "m.role");

    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    AuditLog audit;

    /** An alliance with the caller's role in it; the role is null for an admin who is no member. */
    public record AllianceView(UUID id, String name, String title, String description, Role role, Instant createdAt) {}

    /** An account's membership. */
    public record MemberView(String account, Role role, Instant createdAt) {}

    public Page<AllianceView> list(Actor actor, Query query) {
        AccessPolicy.require(actor, Action.OWN);
        return VISIBLE.page(entities, query, Map.of("account", actor.id(), "admin", actor.admin()));
    }

    public AllianceView get(Actor actor, String name) {
        return view(actor, require(actor, name, Action.READ));
    }

    /**
     * The id of the alliance that a path names, for an actor who may do this there.
     *
     * @throws Refusal {@code UNKNOWN_ALLIANCE} if there is none that the actor may see
     */
    public UUID idFor(Actor actor, String name, Action action) {
        return require(actor, name, action).id();
    }

    /** @param title null to use the name */
    public AllianceView create(Actor actor, String name, String title, String description) {
        AccessPolicy.require(actor, Action.ADMINISTER);
        if (name == null || !name.matches(NAME)) {
            throw Refusal.unacceptable(
                    "BAD_ALLIANCE_NAME",
                    "'" + name + "' is no alliance name.",
                    "Use 1 to 63 lower-case letters, digits and inner hyphens.");
        }
        if (find(name) != null) {
            throw Refusal.conflict(
                    "ALLIANCE_EXISTS", "There is an alliance '" + name + "' already.", "Choose another name.");
        }
        Alliance alliance = new Alliance(
                TimeOrderedId.next(clock),
                name,
                title == null || title.isBlank() ? name : title,
                description == null ? "" : description,
                clock.instant());
        entities.persist(alliance);
        entities.flush();
        if (actor.accountId() != null) {
            entities.persist(new Member(alliance.id(), actor.accountId(), Role.OPERATOR, clock.instant()));
        }
        audit.done(actor.label(), "alliance.created", name, alliance.id(), Map.of());
        return view(actor, alliance);
    }

    /** Null leaves title or description as it is. */
    public AllianceView describe(Actor actor, String name, String title, String description) {
        Alliance alliance = require(actor, name, Action.OPERATE);
        alliance.describe(
                title == null || title.isBlank() ? alliance.title() : title,
                description == null ? alliance.description() : description);
        audit.done(actor.label(), "alliance.changed", name, alliance.id(), Map.of("title", alliance.title()));
        return view(actor, alliance);
    }

    /** Deletes it with everything in it; blobs that nothing refers to any more are collected later. */
    public void delete(Actor actor, String name) {
        Alliance alliance = require(actor, name, Action.ADMINISTER);
        long open = openSessions(alliance.id());
        if (open > 0) {
            throw Refusal.conflict(
                    "SESSIONS_RUNNING",
                    "'" + name + "' has " + open + " session(s) that run or are paused.",
                    "Stop them first.");
        }
        deleteWithAllInIt(alliance.id());
        entities.detach(alliance);
        audit.done(actor.label(), "alliance.deleted", name, alliance.id(), Map.of());
    }

    private long openSessions(UUID alliance) {
        return Sql.of(entities, """
                        SELECT count(*) FROM session WHERE alliance_id = :alliance AND state IN ('RUNNING', 'PAUSED')
                        """).with("alliance", alliance).only(row -> row.whole(0));
    }

    /** Rounds, models and sessions refer to each other; all of them go, in whatever order. */
    private void deleteWithAllInIt(UUID alliance) {
        Sql.of(entities, "SET CONSTRAINTS ALL DEFERRED").run();
        Sql.of(entities, "DELETE FROM alliance WHERE id = :alliance")
                .with("alliance", alliance)
                .run();
    }

    public Page<MemberView> members(Actor actor, String name, Query query) {
        Alliance alliance = require(actor, name, Action.READ);
        return MEMBERS.page(entities, query, Map.of("alliance", alliance.id()));
    }

    /** Makes the account a member, or changes its role. */
    public MemberView putMember(Actor actor, String name, String accountName, Role role) {
        Alliance alliance = require(actor, name, Action.OPERATE);
        if (role == null) {
            throw Refusal.unacceptable("ROLE_MISSING", "No role was named.", "Use OPERATOR, MEMBER or VIEWER.");
        }
        Account account = account(accountName);
        refuseOwnRise(actor, account);
        Member member = entities.find(Member.class, new Member.Key(alliance.id(), account.id()));
        if (member == null) {
            member = new Member(alliance.id(), account.id(), role, clock.instant());
            entities.persist(member);
        } else {
            member.become(role);
        }
        audit.done(actor.label(), "member.changed", accountName, alliance.id(), Map.of("role", role.name()));
        return new MemberView(accountName, role, member.createdAt());
    }

    public void removeMember(Actor actor, String name, String accountName) {
        Alliance alliance = require(actor, name, Action.OPERATE);
        Member member = entities.find(
                Member.class, new Member.Key(alliance.id(), account(accountName).id()));
        if (member == null) {
            throw Refusal.unknown("member", accountName);
        }
        entities.remove(member);
        audit.done(actor.label(), "member.removed", accountName, alliance.id(), Map.of());
    }

    private void refuseOwnRise(Actor actor, Account account) {
        if (!actor.admin() && account.id().equals(actor.accountId())) {
            throw Refusal.forbidden("Nobody changes the own role.", "Ask another operator or an admin.");
        }
    }

    private Alliance require(Actor actor, String name, Action action) {
        Alliance alliance = find(name);
        if (alliance == null) {
            throw Refusal.unknown("alliance", name);
        }
        AccessPolicy.require(actor, action, alliance.id(), "alliance", name);
        return alliance;
    }

    private Alliance find(String name) {
        return entities.createNamedQuery("Alliance.byName", Alliance.class)
                .setParameter("name", name)
                .getResultStream()
                .findFirst()
                .orElse(null);
    }

    private Account account(String name) {
        return entities.createNamedQuery("Account.byName", Account.class)
                .setParameter("name", name)
                .getResultStream()
                .findFirst()
                .orElseThrow(() -> Refusal.unknown("account", name));
    }

    private static AllianceView view(Actor actor, Alliance alliance) {
        return new AllianceView(
                alliance.id(),
                alliance.name(),
                alliance.title(),
                alliance.description(),
                actor.roleIn(alliance.id()).orElse(null),
                alliance.createdAt());
    }
}
