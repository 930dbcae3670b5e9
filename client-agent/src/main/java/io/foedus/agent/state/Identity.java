package io.foedus.agent.state;

import java.util.UUID;

/**
 * Who this agent is to the controller.
 *
 * @param clientId id that the controller gave
 * @param agentToken the agent's own token; a secret
 * @param name name it joined under
 * @param controller address of the controller it joined
 */
public record Identity(UUID clientId, String agentToken, String name, String controller) {
    @Override
    public String toString() {
        return "client " + name + " (" + clientId + ") of " + controller;
    }
}
