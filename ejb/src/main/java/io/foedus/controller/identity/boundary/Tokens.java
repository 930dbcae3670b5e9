package io.foedus.controller.identity.boundary;

import io.foedus.controller.audit.boundary.AuditLog;
import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.identity.control.Logins;
import io.foedus.controller.identity.entity.AccessPolicy;
import io.foedus.controller.identity.entity.Account;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.identity.entity.ApiToken;
import io.foedus.controller.refusals.Refusal;
import io.foedus.core.identity.TokenKind;
import io.foedus.core.identity.TokenText;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Makes, recognises and revokes tokens. The text of a token leaves this class once, when it is made. */
@Stateless
public class Tokens {
    private static final Duration LONGEST = Duration.ofDays(365);

    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    ControllerConfig config;

    @Inject
    SigningKeys keys;

    @Inject
    Logins logins;

    @Inject
    AuditLog audit;

    private final SecureRandom random = new SecureRandom();

    /** A token as people see it in lists. */
    public record TokenView(
            String id,
            TokenKind kind,
            String name,
            UUID allianceId,
            Instant createdAt,
            Instant expiresAt,
            Instant lastUsedAt,
            int uses,
            Integer maxUses) {}

    /** A token that was just made, with its text. */
    public record NewToken(String id, TokenKind kind, String name, String token, Instant expiresAt) {
        @Override
        public String toString() {
            return "NewToken[" + id + "]";
        }
    }

    /**
     * What somebody asks for.
     *
     * @param allianceId for a join token
     * @param lifetime null for the default of the kind
     * @param maxUses null for any number; join kinds only
     */
    public record Wish(TokenKind kind, String name, UUID allianceId, Duration lifetime, Integer maxUses) {}

    /**
     * Whose token this is.
     *
     * @throws Refusal {@code BAD_TOKEN} for anything that does not count, without saying why it does not
     */
    public Actor authenticate(String text) {
        Instant now = clock.instant();
        TokenText shown = TokenText.parse(text).orElseThrow(Tokens::badToken);
        ApiToken token = entities.find(ApiToken.class, shown.id());
        if (token == null
                || token.kind() != shown.kind()
                || !MessageDigest.isEqual(token.hash(), keys.hashOf(shown.secret()))
                || !token.countsAt(now)) {
            throw badToken();
        }
        Actor actor = actorOf(token);
        if (token.useIsWorthNoting(now)) {
            token.noteUse(now);
        }
        return actor;
    }

    private Actor actorOf(ApiToken token) {
        return switch (token.kind()) {
            case USER -> logins.actor(logins.enabled(entities.find(Account.class, token.accountId())), token.id());
            case JOIN -> Actor.agentJoin(token.name(), token.allianceId(), token.id());
            case AGENT -> Actor.agent(token.clientId(), token.name(), token.allianceId(), token.id());
            case COMBINER_JOIN -> Actor.combinerJoin(token.name(), token.id());
            case COMBINER -> Actor.combiner(token.combinerId(), token.name(), token.id());
        };
    }

    /** Makes a personal token, a join token of an alliance (operators) or of combiners (admins). */
    public NewToken create(Actor actor, Wish wish) {
        String name = wish.name() == null || wish.name().isBlank()
                ? "token"
                : wish.name().strip();
        if (name.length() > 100) {
            throw Refusal.unacceptable("BAD_TOKEN_NAME", "The name is longer than 100 characters.", "Shorten it.");
        }
        if (wish.maxUses() != null && (wish.maxUses() < 1 || wish.kind() == TokenKind.USER)) {
            throw Refusal.unacceptable(
                    "BAD_MAX_USES",
                    "maxUses must be at least 1, and is for join tokens only.",
                    "Leave it out, or mend it.");
        }
        Instant now = clock.instant();
        TokenText text = TokenText.random(wish.kind(), random);
        byte[] hash = keys.hashOf(text.secret());
        ApiToken token = switch (wish.kind()) {
            case USER -> {
                AccessPolicy.require(actor, Action.OWN);
                Instant end = end(now, wish.lifetime(), config.tokens().user());
                yield ApiToken.ofUser(text.id(), hash, name, actor.accountId(), now, end);
            }
            case JOIN -> {
                if (wish.allianceId() == null) {
                    throw Refusal.unacceptable(
                            "ALLIANCE_MISSING", "A join token is for one alliance.", "Name it in 'alliance'.");
                }
                AccessPolicy.require(actor, Action.OPERATE, wish.allianceId(), "alliance", wish.allianceId());
                Instant end = end(now, wish.lifetime(), config.tokens().join());
                yield ApiToken.ofJoin(
                        text.id(), hash, name, actor.accountId(), wish.allianceId(), now, end, wish.maxUses());
            }
            case COMBINER_JOIN -> {
                AccessPolicy.require(actor, Action.ADMINISTER);
                Instant end = end(now, wish.lifetime(), config.tokens().join());
                yield ApiToken.ofCombinerJoin(text.id(), hash, name, actor.accountId(), now, end, wish.maxUses());
            }
            case AGENT, COMBINER ->
                throw Refusal.unacceptable(
                        "BAD_TOKEN_KIND",
                        "Tokens of kind " + wish.kind() + " are given to whoever joins.",
                        "Ask for USER, JOIN or COMBINER_JOIN.");
        };
        entities.persist(token);
        audit.done(
                actor.label(),
                "token.created",
                token.id(),
                token.allianceId(),
                Map.of("kind", token.kind().name(), "name", name, "expiresAt", String.valueOf(token.expiresAt())));
        return new NewToken(token.id(), token.kind(), name, text.text(), token.expiresAt());
    }

    /** Own tokens that were not revoked; with an alliance, its join tokens, for its operators. */
    public List<TokenView> list(Actor actor, UUID allianceId) {
        Stream<ApiToken> tokens;
        if (allianceId == null) {
            AccessPolicy.require(actor, Action.OWN);
            tokens = entities.createNamedQuery("ApiToken.ofAccount", ApiToken.class)
                    .setParameter("account", actor.id())
                    .setParameter("kinds", List.of(TokenKind.USER, TokenKind.COMBINER_JOIN))
                    .getResultStream();
        } else {
            AccessPolicy.require(actor, Action.OPERATE, allianceId, "alliance", allianceId);
            tokens = entities.createNamedQuery("ApiToken.ofAlliance", ApiToken.class)
                    .setParameter("alliance", allianceId)
                    .setParameter("kind", TokenKind.JOIN)
                    .getResultStream();
        }
        return tokens.map(Tokens::view).toList();
    }

    /** Ends a token at once: its owner, an operator of its alliance or an admin may. */
    public void revoke(Actor actor, String id) {
        ApiToken token = entities.find(ApiToken.class, id);
        boolean mayEnd = token != null
                && (token.kind() == TokenKind.USER && token.accountId().equals(actor.accountId())
                        || AccessPolicy.permits(actor, Action.ADMINISTER, null)
                        || token.allianceId() != null
                                && AccessPolicy.permits(actor, Action.OPERATE, token.allianceId()));
        if (!mayEnd) {
            throw Refusal.unknown("token", id);
        }
        token.revoke(clock.instant());
        audit.done(actor.label(), "token.revoked", id, token.allianceId(), Map.of("name", token.name()));
    }

    /**
     * Spends one use of the join token the actor came with; to be called in the transaction that lets it join.
     *
     * @throws Refusal {@code TOKEN_USED_UP} when another one was faster
     */
    public void spend(Actor actor) {
        ApiToken token = entities.find(ApiToken.class, actor.tokenId(), LockModeType.PESSIMISTIC_WRITE);
        if (token != null) {
            entities.refresh(token);
        }
        if (token == null || !token.countsAt(clock.instant())) {
            throw Refusal.unauthenticated(
                    "TOKEN_USED_UP", "This join token has no uses left.", "Ask an operator for a new one.");
        }
        token.spend(clock.instant());
    }

    /**
     * A credential for a client that has just joined; replaces the ones it had.
     *
     * @param own one that the agent has made for itself
     * @throws Refusal {@code TOKEN_EXISTS} if that one is somebody's already
     */
    public String issueToAgent(UUID clientId, UUID allianceId, String clientName, Optional<TokenText> own) {
        revokeAgent(clientId);
        entities.flush();
        TokenText text = own.orElseGet(() -> TokenText.random(TokenKind.AGENT, random));
        if (entities.find(ApiToken.class, text.id()) != null) {
            throw Refusal.conflict("TOKEN_EXISTS", "That token is in use already.", "Make another one.");
        }
        entities.persist(ApiToken.ofAgent(
                text.id(), keys.hashOf(text.secret()), clientName, allianceId, clientId, clock.instant()));
        return text.text();
    }

    /** A credential for a combiner that has just joined; replaces the ones it had. */
    public String issueToCombiner(UUID combinerId, String combinerName) {
        revokeAll("ApiToken.ofCombiner", "combiner", combinerId);
        entities.flush();
        TokenText text = TokenText.random(TokenKind.COMBINER, random);
        entities.persist(
                ApiToken.ofCombiner(text.id(), keys.hashOf(text.secret()), combinerName, combinerId, clock.instant()));
        return text.text();
    }

    /** Ends every credential of a client. */
    public void revokeAgent(UUID clientId) {
        revokeAll("ApiToken.ofClient", "client", clientId);
    }

    private void revokeAll(String query, String parameter, UUID id) {
        entities.createNamedQuery(query, ApiToken.class)
                .setParameter(parameter, id)
                .getResultList()
                .forEach(token -> token.revoke(clock.instant()));
    }

    private static Instant end(Instant now, Duration wished, Duration usual) {
        Duration lifetime = wished == null ? usual : wished;
        if (lifetime.isNegative() || lifetime.isZero() || lifetime.compareTo(LONGEST) > 0) {
            throw Refusal.unacceptable(
                    "BAD_LIFETIME", "A token lives for 1 second to 365 days.", "Choose expiresInSeconds within that.");
        }
        return now.plus(lifetime);
    }

    private static TokenView view(ApiToken token) {
        return new TokenView(
                token.id(),
                token.kind(),
                token.name(),
                token.allianceId(),
                token.createdAt(),
                token.expiresAt(),
                token.lastUsedAt(),
                token.uses(),
                token.maxUses());
    }

    private static Refusal badToken() {
        return Refusal.unauthenticated(
                "BAD_TOKEN",
                "This token does not count: mistyped, expired, revoked or used up.",
                "Make a new one (UI: Settings, or POST /api/tokens).");
    }
}
