package io.foedus.web.fedn;

import io.foedus.controller.clients.boundary.ClientView;
import java.util.UUID;

/** Who sent or received something, as FEDn writes it. */
final class Node {
    private Node() {}

    static Document client(UUID id, String externalId, String name) {
        return node(name, "CLIENT", clientId(id, externalId));
    }

    static Document client(ClientView client) {
        return client(client.id(), client.externalId(), client.name());
    }

    static Document combiner(String name) {
        return node(name, "COMBINER", null);
    }

    static Document controller() {
        return node("controller", "REDUCER", null);
    }

    /** The id by which FEDn's programs know a client: their own, or for an agent ours. */
    static String clientId(UUID id, String externalId) {
        return externalId == null ? id.toString() : externalId;
    }

    private static Document node(String name, String role, String clientId) {
        return new Document().with("name", name).with("role", role).with("client_id", clientId);
    }
}
