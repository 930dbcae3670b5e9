package io.foedus.controller.alliances.boundary;

import io.foedus.controller.alliances.entity.Alliance;
import io.foedus.controller.alliances.entity.Policy;
import io.foedus.controller.audit.boundary.AuditLog;
import io.foedus.controller.identity.entity.AccessPolicy;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.identity.entity.Role;
import io.foedus.controller.refusals.Refusal;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.UUID;

/** The policies of alliances: seen by their members, set by their operators, kept by sessions and models. */
@Stateless
public class Policies {
    @Inject
    EntityManager entities;

    @Inject
    AuditLog audit;

    public Policy of(Actor actor, UUID alliance) {
        AccessPolicy.require(actor, Action.READ, alliance, "alliance", alliance);
        return find(alliance).policy();
    }

    /**
     * A policy of these values.
     *
     * @throws Refusal {@code POLICY_INVALID} naming what is out of bounds
     */
    public static Policy policy(int leastClients, long maxExamples, Role download) {
        try {
            return new Policy(leastClients, maxExamples, download);
        } catch (IllegalArgumentException e) {
            throw Refusal.unacceptable("POLICY_INVALID", "The policy cannot be: " + e.getMessage() + ".", "Mend it.");
        }
    }

    public Policy set(Actor actor, UUID alliance, Policy policy) {
        AccessPolicy.require(actor, Action.OPERATE, alliance, "alliance", alliance);
        Alliance row = find(alliance);
        row.decide(policy);
        audit.done(actor.label(), "alliance.policy", row.name(), alliance, policy.settings());
        return policy;
    }

    /** What an update of the alliance may claim at most. */
    public long maxExamples(UUID alliance) {
        return find(alliance).policy().maxExamples();
    }

    /**
     * @throws Refusal {@code POLICY_LEAST_CLIENTS} if a plan asks for fewer clients than the alliance wants at least
     */
    public void requireClients(UUID alliance, int planned) {
        int least = find(alliance).policy().leastClients();
        if (planned < least) {
            throw Refusal.unacceptable(
                    "POLICY_LEAST_CLIENTS",
                    "minClients is " + planned + ", but this alliance wants at least " + least
                            + " clients in each round.",
                    "Ask for " + least + " or more, or let an operator change the alliance's policy.");
        }
    }

    /** Permits it or throws: an alliance may keep its models to operators. */
    public void requireDownload(Actor actor, UUID alliance, UUID model) {
        AccessPolicy.require(actor, Action.DOWNLOAD_MODEL, alliance, "model", model);
        if (find(alliance).policy().download() == Role.OPERATOR) {
            AccessPolicy.require(actor, Action.OPERATE, alliance, "model", model);
        }
    }

    private Alliance find(UUID id) {
        Alliance alliance = entities.find(Alliance.class, id);
        if (alliance == null) {
            throw Refusal.unknown("alliance", id);
        }
        return alliance;
    }
}
