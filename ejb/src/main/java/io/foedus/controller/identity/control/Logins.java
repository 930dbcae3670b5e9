package io.foedus.controller.identity.control;

import io.foedus.controller.identity.entity.Account;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.identity.entity.Member;
import io.foedus.controller.identity.entity.PasswordHash;
import io.foedus.controller.identity.entity.PasswordRule;
import io.foedus.controller.identity.entity.Role;
import io.foedus.controller.persistence.Sql;
import io.foedus.controller.persistence.TimeOrderedId;
import io.foedus.controller.refusals.Refusal;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** From an account's row to the actor it is now. Runs inside a boundary's transaction. */
@Dependent
public class Logins {
    /** Advisory lock of whoever makes the first account or takes rights from an admin. */
    private static final long ADMINS_LOCK = 0x0AD4L;

    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    private final SecureRandom random = new SecureRandom();

    /** The account of this name, or null. */
    public Account find(String name) {
        return entities.createNamedQuery("Account.byName", Account.class)
                .setParameter("name", name)
                .getResultStream()
                .findFirst()
                .orElse(null);
    }

    /** Notes that an account logged in now. */
    public void note(Account account) {
        Sql.of(entities, "UPDATE account SET last_login_at = :now WHERE id = :account")
                .with("now", clock.instant())
                .with("account", account.id())
                .run();
    }

    /** Until the transaction ends nobody else changes who is an admin. */
    public void lockAdmins() {
        Sql.of(entities, "SELECT CAST(pg_advisory_xact_lock(:admins) AS text)")
                .with("admins", ADMINS_LOCK)
                .any();
    }

    public boolean anyAccount() {
        return entities.createNamedQuery("Account.count", Long.class).getSingleResult() > 0;
    }

    /** Makes an account after checking name and password. */
    public Account create(String name, String password, boolean admin) {
        if (name == null || !name.matches("[A-Za-z0-9][A-Za-z0-9._@-]{0,99}")) {
            throw Refusal.unacceptable(
                    "BAD_ACCOUNT_NAME",
                    "'" + name + "' is no account name.",
                    "Use 1 to 100 letters, digits, '.', '_', '@' or '-', beginning with a letter or digit.");
        }
        if (find(name) != null) {
            throw Refusal.conflict(
                    "ACCOUNT_EXISTS", "There is an account '" + name + "' already.", "Choose another name.");
        }
        PasswordRule.check(name, password);
        Account account = new Account(
                TimeOrderedId.next(clock),
                name,
                PasswordHash.of(password.toCharArray(), random),
                admin,
                clock.instant());
        entities.persist(account);
        entities.flush();
        return account;
    }

    /** The account, unless it is null or disabled. */
    public Account enabled(Account account) {
        if (account == null || account.disabled()) {
            throw Refusal.unauthenticated(
                    "ACCOUNT_DISABLED", "This account is disabled or gone.", "Ask an admin of the installation.");
        }
        return account;
    }

    public Actor actor(Account account, String tokenId) {
        Map<UUID, Role> roles = entities.createNamedQuery("Member.ofAccount", Member.class)
                .setParameter("account", account.id())
                .getResultStream()
                .collect(Collectors.toMap(Member::allianceId, Member::role));
        return Actor.account(account.id(), account.name(), account.admin(), roles, tokenId);
    }
}
