package io.foedus.combiner.collection.entity;

import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Who works on for buffered sessions, at a moment.
 *
 * @param session work of the share's own session
 * @param elsewhere clients that work on for other sessions
 */
public record Carried(List<Work> session, Set<UUID> elsewhere) {
    /** Nobody does, or it does not matter. */
    public static final Carried NONE = new Carried(List.of(), Set.of());
}
