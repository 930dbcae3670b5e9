package io.foedus.controller.identity.boundary;

import io.foedus.controller.audit.boundary.AuditLog;
import io.foedus.controller.audit.entity.AuditEntry.Outcome;
import io.foedus.controller.identity.control.LoginThrottle;
import io.foedus.controller.identity.control.Logins;
import io.foedus.controller.identity.entity.AccessPolicy;
import io.foedus.controller.identity.entity.Account;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.identity.entity.PasswordHash;
import io.foedus.controller.identity.entity.PasswordRule;
import io.foedus.controller.listing.Listing;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import io.foedus.controller.refusals.Refusal;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** People's and programs' accounts: log in, see oneself, administer. */
@Stateless
public class Accounts {
    private static final Listing<AccountView> ALL = Listing.of(
                    "name, admin, disabled, created_at, last_login_at",
                    "account",
                    "",
                    row -> new AccountView(row.text(0), row.yes(1), row.yes(2), row.instant(3), row.instant(4)))
            .orderedBy("name")
            .text("name", "name")
            .exact("admin", "admin")
            .exact("disabled", "disabled");

    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    AuditLog audit;

    @Inject
    LoginThrottle throttle;

    @Inject
    Logins logins;

    private final SecureRandom random = new SecureRandom();

    /** An account without its secrets. */
    public record AccountView(String name, boolean admin, boolean disabled, Instant createdAt, Instant lastLoginAt) {}

    /** What may be changed; null leaves it as it is. */
    public record Change(String password, Boolean admin, Boolean disabled) {}

    /**
     * Who this name and password is. Takes a third of a second on purpose, also for names that do not exist.
     *
     * @param address where the attempt comes from, for throttling and the audit log
     * @throws Refusal {@code WRONG_CREDENTIALS} or {@code TOO_MANY_ATTEMPTS}
     */
    public Actor login(String name, String password, String address) {
        String known = name == null ? "" : name;
        throttle.admit(known, address);
        Account account = logins.find(known);
        String hash = account == null ? PasswordHash.ofNobody() : account.passwordHash();
        boolean right = PasswordHash.matches((password == null ? "" : password).toCharArray(), hash);
        if (!right || account == null || account.disabled()) {
            throttle.failed(known, address);
            audit.notDone(
                    "account:" + shortened(known),
                    "login.failed",
                    "",
                    null,
                    Outcome.FAILED,
                    Map.of("address", address));
            throw Refusal.unauthenticated(
                    "WRONG_CREDENTIALS",
                    "There is no such account, or the password is wrong.",
                    "Check both; an admin can set a new password.");
        }
        throttle.succeeded(known);
        logins.note(account);
        audit.done("account:" + account.name(), "login.succeeded", "", null, Map.of("address", address));
        return logins.actor(account, null);
    }

    /**
     * Who this account is now; roles and rights are read anew.
     *
     * @throws Refusal {@code UNAUTHENTICATED} if it was disabled or removed meanwhile
     */
    public Actor actor(String name) {
        return logins.actor(logins.enabled(logins.find(name)), null);
    }

    public Page<AccountView> list(Actor actor, Query query) {
        AccessPolicy.require(actor, Action.ADMINISTER);
        return ALL.page(entities, query, Map.of());
    }

    public AccountView create(Actor actor, String name, String password, boolean admin) {
        AccessPolicy.require(actor, Action.ADMINISTER);
        Account account = logins.create(name, password, admin);
        audit.done(actor.label(), "account.created", name, null, Map.of("admin", admin));
        return view(account);
    }

    /** An admin changes anybody; everybody else only the own password. */
    public AccountView change(Actor actor, String name, Change change) {
        boolean ownPassword = actor.is(Actor.Kind.ACCOUNT)
                && actor.name().equals(name)
                && change.admin() == null
                && change.disabled() == null;
        if (!ownPassword) {
            AccessPolicy.require(actor, Action.ADMINISTER);
        }
        Account account = logins.find(name);
        if (account == null) {
            throw Refusal.unknown("account", name);
        }
        if (change.password() != null) {
            PasswordRule.check(name, change.password());
            account.changePassword(PasswordHash.of(change.password().toCharArray(), random));
        }
        if (Boolean.FALSE.equals(change.admin()) || Boolean.TRUE.equals(change.disabled())) {
            keepOneAdmin(account);
        }
        if (change.admin() != null) {
            account.grantAdmin(change.admin());
        }
        if (change.disabled() != null) {
            account.disable(change.disabled());
        }
        audit.done(
                actor.label(),
                "account.changed",
                name,
                null,
                Map.of(
                        "password", change.password() != null,
                        "admin", account.admin(),
                        "disabled", account.disabled()));
        return view(account);
    }

    /** One of {@code auto}, {@code light}, {@code dark}. */
    public void chooseTheme(Actor actor, String theme) {
        AccessPolicy.require(actor, Action.OWN);
        if (!Set.of("auto", "light", "dark").contains(theme)) {
            throw Refusal.unacceptable(
                    "UNKNOWN_THEME", "There is no theme '" + theme + "'.", "Use auto, light or dark.");
        }
        entities.find(Account.class, actor.id()).chooseTheme(theme);
    }

    public String theme(Actor actor) {
        AccessPolicy.require(actor, Action.OWN);
        return entities.find(Account.class, actor.id()).theme();
    }

    private void keepOneAdmin(Account account) {
        logins.lockAdmins();
        long others = entities.createNamedQuery("Account.otherAdmins", Long.class)
                .setParameter("id", account.id())
                .getSingleResult();
        if (account.admin() && !account.disabled() && others == 0) {
            throw Refusal.conflict(
                    "LAST_ADMIN",
                    "'" + account.name() + "' is the last admin of this installation.",
                    "Make another account admin first.");
        }
    }

    private static String shortened(String name) {
        return name.length() <= 100 ? name : name.substring(0, 100) + "…";
    }

    private static AccountView view(Account account) {
        return new AccountView(
                account.name(), account.admin(), account.disabled(), account.createdAt(), account.lastLoginAt());
    }
}
