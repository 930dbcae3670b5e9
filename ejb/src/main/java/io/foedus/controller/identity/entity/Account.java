package io.foedus.controller.identity.entity;

import io.foedus.controller.persistence.VersionedEntity;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.NamedQuery;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** A person's or a program's login. */
@Entity
@Table(name = "account")
@NamedQuery(name = "Account.byName", query = "SELECT a FROM Account a WHERE a.name = :name")
@NamedQuery(name = "Account.all", query = "SELECT a FROM Account a ORDER BY a.name")
@NamedQuery(name = "Account.count", query = "SELECT COUNT(a) FROM Account a")
@NamedQuery(
        name = "Account.otherAdmins",
        query = "SELECT COUNT(a) FROM Account a WHERE a.admin = TRUE AND a.disabled = FALSE AND a.id <> :id")
public class Account extends VersionedEntity {
    private String name;

    @Column(name = "password_hash")
    private String passwordHash;

    private boolean admin;
    private boolean disabled;
    private String theme = "auto";

    /** Written past the version: two logins at once do not contradict each other. */
    @Column(name = "last_login_at", updatable = false)
    private Instant lastLoginAt;

    protected Account() {}

    public Account(UUID id, String name, String passwordHash, boolean admin, Instant now) {
        super(id, now);
        this.name = name;
        this.passwordHash = passwordHash;
        this.admin = admin;
    }

    public void changePassword(String newHash) {
        passwordHash = newHash;
    }

    public void grantAdmin(boolean value) {
        admin = value;
    }

    public void disable(boolean value) {
        disabled = value;
    }

    /** One of {@code auto}, {@code light}, {@code dark}. */
    public void chooseTheme(String newTheme) {
        theme = newTheme;
    }

    public String name() {
        return name;
    }

    public String passwordHash() {
        return passwordHash;
    }

    public boolean admin() {
        return admin;
    }

    public boolean disabled() {
        return disabled;
    }

    public String theme() {
        return theme;
    }

    public Instant lastLoginAt() {
        return lastLoginAt;
    }
}
