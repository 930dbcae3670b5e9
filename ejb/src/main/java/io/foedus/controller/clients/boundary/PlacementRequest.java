package io.foedus.controller.clients.boundary;

import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A client asks where to go.
 *
 * @param exclude combiners it could not reach
 * @param labels what it says about itself now, or null if nothing changed
 * @param program likewise
 */
public record PlacementRequest(Set<UUID> exclude, Map<String, Object> labels, String program) {
    public PlacementRequest {
        exclude = exclude == null ? Set.of() : Set.copyOf(exclude);
    }
}
