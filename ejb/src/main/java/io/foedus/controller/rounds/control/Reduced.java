package io.foedus.controller.rounds.control;

import io.foedus.controller.models.entity.Model;

/**
 * What a reducer made; its bytes are in the store.
 *
 * @param optimizerState digest of what the server optimizer remembers, or null
 * @param foldMillis time of the fold
 */
public record Reduced(Model.File file, String optimizerState, long foldMillis) {}
