package io.foedus.controller.participation.boundary;

import java.util.Map;
import java.util.UUID;

/**
 * What came of a client's task, as its combiner tells it while it collects.
 *
 * @param fate ACCEPTED, REJECTED, LATE, DUPLICATE of an update; FAILED of a client that said so, LOST of one that is
 *     gone
 * @param reason a stable code
 * @param message a sentence for people, with failures
 * @param logTail the end of the entry point's output, with failures
 */
public record Delivery(
        UUID clientId,
        String digest,
        Long size,
        Long examples,
        String fate,
        String reason,
        String message,
        String logTail,
        Map<String, Object> metrics,
        Map<String, Object> timings) {}
