package io.foedus.controller.rounds.control;

import io.foedus.controller.models.entity.Model;
import java.util.Map;

/**
 * What a reducer made; its bytes are in the store.
 *
 * @param optimizerState digest of what the server optimizer remembers, or null
 * @param nextAggregator the rule of the session's next round, where the rule adapts; or null
 * @param notes what the rule decided on the way
 * @param rejected updates that kept the others from being folded and were left out: why, by client
 * @param foldMillis time of the fold
 */
public record Reduced(
        Model.File file,
        String optimizerState,
        String nextAggregator,
        Map<String, String> notes,
        Map<String, String> rejected,
        long foldMillis) {}
