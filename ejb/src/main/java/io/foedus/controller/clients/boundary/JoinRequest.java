package io.foedus.controller.clients.boundary;

import io.foedus.controller.refusals.Refusal;
import io.foedus.core.identity.TokenKind;
import io.foedus.core.identity.TokenText;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a new client says about itself; only the name is needed.
 *
 * @param externalId how a FEDn client calls itself
 * @param agentToken the credential that an agent has made for itself, so that it knows it even if the answer never
 *     arrives; null to be given one
 */
public record JoinRequest(
        String name,
        Map<String, Object> labels,
        String program,
        String preferredCombiner,
        String externalId,
        String agentToken) {
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    /** @throws Refusal if the name or the token cannot be one */
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
        if (agentToken != null && token(agentToken).isEmpty()) {
            throw Refusal.unacceptable(
                    "BAD_AGENT_TOKEN",
                    "agentToken is no token of the kind fds_ag_.",
                    "Leave it out; the answer holds one.");
        }
        name = name.strip();
        labels = labels == null ? Map.of() : Map.copyOf(labels);
    }

    /** The credential, if the agent has made one. */
    Optional<TokenText> ownToken() {
        return agentToken == null ? Optional.empty() : token(agentToken);
    }

    private static Optional<TokenText> token(String text) {
        return TokenText.parse(text).filter(token -> token.kind() == TokenKind.AGENT);
    }

    @Override
    public String toString() {
        return "JoinRequest[" + name + "]";
    }
}
