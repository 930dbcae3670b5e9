package io.foedus.controller.identity.entity;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * On whose behalf something happens. A value read once per request; the database row, never the request, says which
 * alliance it belongs to.
 *
 * @param kind what proves itself
 * @param name for people and the audit log: account, client or combiner name, or the token's name
 * @param id account, client or combiner id; null for {@code SYSTEM} and the join kinds
 * @param admin whether the account administers the installation
 * @param allianceId the one alliance of an agent or a join token; null otherwise
 * @param roles role by alliance id of an account
 * @param tokenId public id of the token shown; null for a login by password or session
 */
public record Actor(
        Kind kind, String name, UUID id, boolean admin, UUID allianceId, Map<UUID, Role> roles, String tokenId) {

    /** What sort of principal it is. */
    public enum Kind {
        SYSTEM,
        ACCOUNT,
        AGENT_JOIN,
        AGENT,
        COMBINER_JOIN,
        COMBINER
    }

    /** The controller itself: timers and start-up. */
    public static final Actor SYSTEM = new Actor(Kind.SYSTEM, "system", null, true, null, Map.of(), null);

    public Actor {
        roles = Map.copyOf(roles);
    }

    public static Actor account(UUID id, String name, boolean admin, Map<UUID, Role> roles, String tokenId) {
        return new Actor(Kind.ACCOUNT, name, id, admin, null, roles, tokenId);
    }

    public static Actor agent(UUID clientId, String name, UUID allianceId, String tokenId) {
        return new Actor(Kind.AGENT, name, clientId, false, allianceId, Map.of(), tokenId);
    }

    public static Actor agentJoin(String tokenName, UUID allianceId, String tokenId) {
        return new Actor(Kind.AGENT_JOIN, tokenName, null, false, allianceId, Map.of(), tokenId);
    }

    public static Actor combiner(UUID combinerId, String name, String tokenId) {
        return new Actor(Kind.COMBINER, name, combinerId, false, null, Map.of(), tokenId);
    }

    public static Actor combinerJoin(String tokenName, String tokenId) {
        return new Actor(Kind.COMBINER_JOIN, tokenName, null, false, null, Map.of(), tokenId);
    }

    public boolean is(Kind expected) {
        return kind == expected;
    }

    /** The account's role in the alliance, if any; an admin's role is not in {@link #roles} but in {@link #admin}. */
    public Optional<Role> roleIn(UUID alliance) {
        return Optional.ofNullable(roles.get(alliance));
    }

    /** How the audit log names it, e.g. {@code account:ada} or {@code combiner:north}. */
    public String label() {
        return kind == Kind.SYSTEM
                ? "system"
                : kind.name().toLowerCase(Locale.ROOT).replace('_', '-') + ":" + name;
    }

    /** The account id for {@code created_by} columns; null for everybody else. */
    public UUID accountId() {
        return kind == Kind.ACCOUNT ? id : null;
    }
}
