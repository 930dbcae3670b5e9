package io.foedus.controller.insight.entity;

import java.time.Instant;
import java.util.UUID;

/**
 * A stretch of time in which somebody worked on a round: a combiner on its share, the reducer, or a client.
 *
 * @param who name of the combiner or client, or null for the reducer
 * @param client the client's id, null if it is none
 * @param what {@code train}, {@code validate} or {@code reduce}
 * @param until null while it goes on
 * @param downloadSeconds parts of the stretch as a client measured them, null where it did not, like {@code runSeconds}
 *     and {@code uploadSeconds}
 */
public record Span(
        int round,
        String who,
        UUID client,
        String what,
        Instant from,
        Instant until,
        Double downloadSeconds,
        Double runSeconds,
        Double uploadSeconds) {}
