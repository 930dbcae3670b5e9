package io.foedus.controller.identity.entity;

import io.foedus.controller.refusals.Refusal;
import java.util.UUID;

/**
 * The only place that grants anything. Pure; what is not named here is denied.
 *
 * <pre>
 *                    admin  OPERATOR  MEMBER  VIEWER  agent  combiner  join tokens
 * READ                 x       x        x       x      -        -          -
 * DOWNLOAD_MODEL       x       x        x       -      -        -          -
 * OPERATE              x       x        -       -      -        -          -
 * ADMINISTER           x       -        -       -      -        -          -
 * OWN                  x       x        x       x      -        -          -
 * JOIN_AS_CLIENT       -       -        -       -      -        -     join token, own alliance
 * ATTEND               -       -        -       -   itself      -          -
 * JOIN_AS_COMBINER     -       -        -       -      -        -     combiner join token
 * COMBINE              -       -        -       -      -        x          -
 * </pre>
 */
public final class AccessPolicy {
    private AccessPolicy() {}

    /**
     * Whether the actor may do it.
     *
     * @param allianceId alliance of the object as its row says; null for actions on the installation
     */
    public static boolean permits(Actor actor, Action action, UUID allianceId) {
        if (actor.is(Actor.Kind.SYSTEM)) {
            return true;
        }
        boolean account = actor.is(Actor.Kind.ACCOUNT);
        return switch (action) {
            case READ -> account && holds(actor, Role.VIEWER, allianceId);
            case DOWNLOAD_MODEL -> account && holds(actor, Role.MEMBER, allianceId);
            case OPERATE -> account && holds(actor, Role.OPERATOR, allianceId);
            case ADMINISTER -> account && actor.admin();
            case OWN -> account;
            case JOIN_AS_CLIENT -> actor.is(Actor.Kind.AGENT_JOIN) && sameAlliance(actor, allianceId);
            case ATTEND -> actor.is(Actor.Kind.AGENT) && sameAlliance(actor, allianceId);
            case JOIN_AS_COMBINER -> actor.is(Actor.Kind.COMBINER_JOIN);
            case COMBINE -> actor.is(Actor.Kind.COMBINER);
        };
    }

    /** Whether the actor may know that objects of this alliance exist. */
    public static boolean sees(Actor actor, UUID allianceId) {
        return permits(actor, Action.READ, allianceId) || sameAlliance(actor, allianceId);
    }

    /**
     * Permits it or throws: {@code UNKNOWN} when the actor may not even see the alliance, {@code FORBIDDEN} when it may
     * see but not do.
     *
     * @param thing what to call the object that would be unknown, e.g. "session"
     * @param name the object's name or id as the caller gave it
     */
    public static void require(Actor actor, Action action, UUID allianceId, String thing, Object name) {
        if (permits(actor, action, allianceId)) {
            return;
        }
        if (allianceId != null && !sees(actor, allianceId)) {
            throw Refusal.unknown(thing, name);
        }
        throw forbidden(actor, action);
    }

    /** Permits an action on the installation, or an action of the caller's own kind, or throws {@code FORBIDDEN}. */
    public static void require(Actor actor, Action action) {
        if (!permits(actor, action, actor.allianceId())) {
            throw forbidden(actor, action);
        }
    }

    private static Refusal forbidden(Actor actor, Action action) {
        return Refusal.forbidden(
                "'" + actor.label() + "' may not " + action.words() + ".",
                "Ask an operator of the alliance or an admin, or use a token of the right kind.");
    }

    private static boolean holds(Actor actor, Role needed, UUID allianceId) {
        return actor.admin()
                || (allianceId != null
                        && actor.roleIn(allianceId)
                                .filter(role -> role.includes(needed))
                                .isPresent());
    }

    private static boolean sameAlliance(Actor actor, UUID allianceId) {
        return allianceId != null && allianceId.equals(actor.allianceId());
    }
}
