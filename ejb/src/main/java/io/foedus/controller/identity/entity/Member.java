package io.foedus.controller.identity.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.NamedQuery;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/** An account's role in an alliance. */
@Entity
@Table(name = "member")
@IdClass(Member.Key.class)
@NamedQuery(name = "Member.ofAccount", query = "SELECT m FROM Member m WHERE m.accountId = :account")
public class Member {
    @Id
    @Column(name = "alliance_id")
    private UUID allianceId;

    @Id
    @Column(name = "account_id")
    private UUID accountId;

    @Enumerated(EnumType.STRING)
    private Role role;

    @Column(name = "created_at")
    private Instant createdAt;

    protected Member() {}

    public Member(UUID allianceId, UUID accountId, Role role, Instant now) {
        this.allianceId = allianceId;
        this.accountId = accountId;
        this.role = role;
        this.createdAt = now;
    }

    public void become(Role newRole) {
        role = newRole;
    }

    public UUID allianceId() {
        return allianceId;
    }

    public Role role() {
        return role;
    }

    public Instant createdAt() {
        return createdAt;
    }

    /** One row per alliance and account. */
    public static class Key implements Serializable {
        private static final long serialVersionUID = 1L;
        private UUID allianceId;
        private UUID accountId;

        public Key() {}

        public Key(UUID allianceId, UUID accountId) {
            this.allianceId = allianceId;
            this.accountId = accountId;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key
                    && Objects.equals(allianceId, key.allianceId)
                    && Objects.equals(accountId, key.accountId);
        }

        @Override
        public int hashCode() {
            return Objects.hash(allianceId, accountId);
        }
    }
}
