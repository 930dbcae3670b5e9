package io.foedus.controller.sessions.entity;

import io.foedus.controller.refusals.Refusal;
import jakarta.json.bind.annotation.JsonbProperty;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * A session to be made; everything may be null.
 *
 * @param seedModel default: the alliance's latest model
 * @param computePackage default: the alliance's active package
 * @param withoutPackage true: none; only clients that bring their own program can train, which agents do not
 * @param plan see {@code docs/api.md}
 * @param start whether it starts at once
 */
public record NewSession(
        String name,
        UUID seedModel,
        @JsonbProperty("package") UUID computePackage,
        Boolean withoutPackage,
        Map<String, Object> plan,
        Boolean start) {
    /** @throws Refusal if the plan was no object: the platform reads a list as one without names */
    public NewSession {
        if (plan != null && plan.keySet().stream().anyMatch(Objects::isNull)) {
            throw Refusal.malformed("MALFORMED_JSON", "plan is a list.", "Send {\"plan\": {…}}.");
        }
    }
}
