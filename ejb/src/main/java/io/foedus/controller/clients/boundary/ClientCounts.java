package io.foedus.controller.clients.boundary;

/** How many clients of an alliance are in which state. */
public record ClientCounts(long total, long attached, long busy, long detached, long registered, long revoked) {}
