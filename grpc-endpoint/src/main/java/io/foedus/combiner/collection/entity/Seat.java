package io.foedus.combiner.collection.entity;

import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * An attached client, as far as it matters for a share.
 *
 * @param stream the connection: a client that comes back has another one
 * @param bringsProgram whether it can train without a compute package
 * @param held tasks that it accepted on an earlier stream and still works on
 */
public record Seat(
        UUID client, UUID stream, String alliance, Map<String, String> labels, boolean bringsProgram, Set<UUID> held) {}
