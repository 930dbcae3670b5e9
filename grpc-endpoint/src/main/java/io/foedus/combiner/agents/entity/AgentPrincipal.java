package io.foedus.combiner.agents.entity;

import java.time.Instant;
import java.util.UUID;

/**
 * Who is calling, as the controller vouches for.
 *
 * @param alliance the alliance's name
 * @param expires when the controller's word ends
 */
public record AgentPrincipal(UUID client, String alliance, String name, Instant expires) {}
