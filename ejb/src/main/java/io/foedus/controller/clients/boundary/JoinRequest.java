package io.foedus.controller.clients.boundary;

import io.foedus.controller.refusals.Refusal;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a new client says about itself; only the name is needed.
 *
 * @param externalId how a FEDn client calls itself
 */
public record JoinRequest(
        String name, Map<String, Object> labels, String program, String preferredCombiner, String externalId) {
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    /** @throws Refusal if the name cannot be one */
    public JoinRequest {
        if (name == null
                || name.isBlank()
                || name.length() > 200
                || CONTROL.matcher(name).find()) {
            throw Refusal.unacceptable(
                    "BAD_CLIENT_NAME",
                    "A client's name has 1 to 200 characters and no control characters.",
                    "Choose another name.");
        }
        name = name.strip();
        labels = labels == null ? Map.of() : Map.copyOf(labels);
    }
}
