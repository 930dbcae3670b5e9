package io.foedus.controller.identity.entity;

import io.foedus.core.identity.TokenKind;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.NamedQuery;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** A token as far as the controller keeps it: everything but the secret, of which only the HMAC is here. */
@Entity
@Table(name = "api_token")
@NamedQuery(
        name = "ApiToken.ofAccount",
        query = "SELECT t FROM ApiToken t WHERE t.accountId = :account AND t.kind IN :kinds"
                + " AND t.revokedAt IS NULL ORDER BY t.createdAt DESC")
@NamedQuery(
        name = "ApiToken.ofAlliance",
        query = "SELECT t FROM ApiToken t WHERE t.allianceId = :alliance AND t.kind = :kind"
                + " AND t.revokedAt IS NULL ORDER BY t.createdAt DESC")
@NamedQuery(
        name = "ApiToken.ofClient",
        query = "SELECT t FROM ApiToken t WHERE t.clientId = :client AND t.revokedAt IS NULL")
@NamedQuery(
        name = "ApiToken.ofCombiner",
        query = "SELECT t FROM ApiToken t WHERE t.combinerId = :combiner AND t.revokedAt IS NULL")
public class ApiToken {
    private static final Duration USE_IS_NOTED_AT_MOST_EVERY = Duration.ofMinutes(5);

    @Id
    private String id;

    @Enumerated(EnumType.STRING)
    private TokenKind kind;

    private byte[] hash;
    private String name;

    @Column(name = "account_id")
    private UUID accountId;

    @Column(name = "alliance_id")
    private UUID allianceId;

    @Column(name = "client_id")
    private UUID clientId;

    @Column(name = "combiner_id")
    private UUID combinerId;

    @Column(name = "created_at")
    private Instant createdAt;

    @Column(name = "expires_at")
    private Instant expiresAt;

    @Column(name = "last_used_at")
    private Instant lastUsedAt;

    private int uses;

    @Column(name = "max_uses")
    private Integer maxUses;

    @Column(name = "revoked_at")
    private Instant revokedAt;

    protected ApiToken() {}

    private ApiToken(String id, TokenKind kind, byte[] hash, String name, Instant now, Instant expiresAt) {
        this.id = id;
        this.kind = kind;
        this.hash = hash.clone();
        this.name = name;
        this.createdAt = now;
        this.expiresAt = expiresAt;
    }

    /** A personal token; it can do what its account can. */
    public static ApiToken ofUser(String id, byte[] hash, String name, UUID accountId, Instant now, Instant expiresAt) {
        var token = new ApiToken(id, TokenKind.USER, hash, name, now, expiresAt);
        token.accountId = accountId;
        return token;
    }

    /** A token with which agents join an alliance, at most {@code maxUses} times if given. */
    public static ApiToken ofJoin(
            String id,
            byte[] hash,
            String name,
            UUID madeBy,
            UUID allianceId,
            Instant now,
            Instant expiresAt,
            Integer maxUses) {
        var token = new ApiToken(id, TokenKind.JOIN, hash, name, now, expiresAt);
        token.accountId = madeBy;
        token.allianceId = allianceId;
        token.maxUses = maxUses;
        return token;
    }

    /** A token with which combiners join the installation. */
    public static ApiToken ofCombinerJoin(
            String id, byte[] hash, String name, UUID madeBy, Instant now, Instant expiresAt, Integer maxUses) {
        var token = new ApiToken(id, TokenKind.COMBINER_JOIN, hash, name, now, expiresAt);
        token.accountId = madeBy;
        token.maxUses = maxUses;
        return token;
    }

    /** The credential of one agent; lives until revoked. */
    public static ApiToken ofAgent(String id, byte[] hash, String name, UUID allianceId, UUID clientId, Instant now) {
        var token = new ApiToken(id, TokenKind.AGENT, hash, name, now, null);
        token.allianceId = allianceId;
        token.clientId = clientId;
        return token;
    }

    /** The credential of one combiner; lives until revoked. */
    public static ApiToken ofCombiner(String id, byte[] hash, String name, UUID combinerId, Instant now) {
        var token = new ApiToken(id, TokenKind.COMBINER, hash, name, now, null);
        token.combinerId = combinerId;
        return token;
    }

    /** Whether it still counts: not revoked, not expired, uses left. */
    public boolean countsAt(Instant now) {
        return revokedAt == null
                && (expiresAt == null || now.isBefore(expiresAt))
                && (maxUses == null || uses < maxUses);
    }

    /**
     * Whether a look-up should note the time of use; every few minutes is enough for people and spares a write per
     * request.
     */
    public boolean useIsWorthNoting(Instant now) {
        return lastUsedAt == null || lastUsedAt.plus(USE_IS_NOTED_AT_MOST_EVERY).isBefore(now);
    }

    public void noteUse(Instant now) {
        lastUsedAt = now;
    }

    /** Spends one use of a join token. */
    public void spend(Instant now) {
        uses++;
        lastUsedAt = now;
    }

    public void revoke(Instant now) {
        revokedAt = now;
    }

    public String id() {
        return id;
    }

    public TokenKind kind() {
        return kind;
    }

    public byte[] hash() {
        return hash.clone();
    }

    public String name() {
        return name;
    }

    public UUID accountId() {
        return accountId;
    }

    public UUID allianceId() {
        return allianceId;
    }

    public UUID clientId() {
        return clientId;
    }

    public UUID combinerId() {
        return combinerId;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public Instant expiresAt() {
        return expiresAt;
    }

    public Instant lastUsedAt() {
        return lastUsedAt;
    }

    public int uses() {
        return uses;
    }

    public Integer maxUses() {
        return maxUses;
    }
}
