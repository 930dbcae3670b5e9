package io.foedus.controller.participation.boundary;

import io.foedus.core.exchange.TaskKind;
import java.util.UUID;

/** Who books in the ledger, and for what: one combiner under one epoch, in one round. */
public record Claimant(UUID round, TaskKind kind, UUID combiner, long epoch) {}
