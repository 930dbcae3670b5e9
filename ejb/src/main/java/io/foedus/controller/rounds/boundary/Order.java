package io.foedus.controller.rounds.boundary;

import io.foedus.controller.participation.entity.TaskKind;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * An open share as its combiner gets it.
 *
 * @param epoch under which the combiner may act for the share
 * @param maxStaleness how many models old the start of an update may be, in buffered mode
 * @param maxExamples that an update may claim
 * @param remainingMillis until the plan's deadline, from now
 */
public record Order(
        UUID shareId,
        TaskKind kind,
        UUID roundId,
        int roundNumber,
        UUID sessionId,
        String alliance,
        UUID allianceId,
        long epoch,
        ModelRef model,
        String packageDigest,
        Policy policy,
        Select select,
        String aggregator,
        String mode,
        int maxStaleness,
        Map<String, Object> settings,
        boolean keepUpdates,
        long maxExamples,
        long remainingMillis) {

    /** The model to train or to measure. */
    public record ModelRef(UUID id, String digest, long size, String format) {}

    /** When the combiner closes its collection. */
    public record Policy(int minUpdates, int targetUpdates, long minWaitMillis, long maxWaitMillis) {}

    /** Whom the combiner asks: so many of its clients, by lot of this seed, among those with these labels. */
    public record Select(String kind, int count, long seed, Map<String, String> labels, List<UUID> clients) {}
}
