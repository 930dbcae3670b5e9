package io.foedus.controller.sessions.control;

import io.foedus.controller.refusals.Refusal;
import io.foedus.controller.sessions.entity.NewSession;
import io.foedus.controller.sessions.entity.Session;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.UUID;

/** Finds what a session is to work with, by name or by default. */
@Dependent
public class Materials {
    @Inject
    EntityManager entities;

    /** The model and the package, if there is to be one, that a new session is made of. */
    public Session.Material find(UUID alliance, NewSession wish) {
        boolean without = Boolean.TRUE.equals(wish.withoutPackage());
        if (without && wish.computePackage() != null) {
            throw Refusal.unacceptable(
                    "BAD_PACKAGE",
                    "withoutPackage is true and package names '" + wish.computePackage() + "'.",
                    "Leave one of them out.");
        }
        UUID seed = seed(alliance, wish.seedModel());
        return new Session.Material(alliance, without ? null : program(alliance, wish.computePackage()), seed);
    }

    private UUID seed(UUID alliance, UUID model) {
        UUID seed = model != null
                ? one("SELECT id FROM model WHERE alliance_id = ?1 AND id = ?2", alliance, model)
                : one(
                        "SELECT id FROM model WHERE alliance_id = ?1 ORDER BY created_at DESC, id DESC LIMIT 1",
                        alliance);
        if (seed == null) {
            throw Refusal.unacceptable(
                    "NO_MODEL",
                    model == null ? "The alliance has no model yet." : "There is no model '" + model + "' here.",
                    "Upload a seed model first, or name one of the alliance's models.");
        }
        return seed;
    }

    private UUID program(UUID alliance, UUID computePackage) {
        UUID program = computePackage != null
                ? one("SELECT id FROM compute_package WHERE alliance_id = ?1 AND id = ?2", alliance, computePackage)
                : one("SELECT id FROM compute_package WHERE alliance_id = ?1 AND active", alliance);
        if (program == null) {
            throw Refusal.unacceptable(
                    "NO_PACKAGE",
                    computePackage == null
                            ? "The alliance has no active compute package."
                            : "There is no package '" + computePackage + "' here.",
                    "Upload or activate one; or say withoutPackage if every client brings its own program, as FEDn's"
                            + " clients with --local-package do.");
        }
        return program;
    }

    public String nextName(UUID alliance) {
        Number count = (Number) entities.createNativeQuery("SELECT count(*) FROM session WHERE alliance_id = ?1")
                .setParameter(1, alliance)
                .getSingleResult();
        return "session-" + (count.longValue() + 1);
    }

    private UUID one(String sql, Object... parameters) {
        var query = entities.createNativeQuery(sql);
        for (int i = 0; i < parameters.length; i++) {
            query.setParameter(i + 1, parameters[i]);
        }
        List<?> found = query.getResultList();
        return found.isEmpty() ? null : (UUID) found.get(0);
    }
}
