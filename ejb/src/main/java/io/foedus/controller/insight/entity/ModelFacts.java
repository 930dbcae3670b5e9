package io.foedus.controller.insight.entity;

import java.util.List;
import java.util.Map;

/**
 * What is known of one model.
 *
 * @param layout its tensors: name, dtype, shape
 * @param manifest the signed text that names parent, inputs and aggregator, null for a seed model
 * @param trail its ancestors, nearest first, at most fifty
 * @param children models that were trained from it, the newest first, at most fifty
 */
public record ModelFacts(
        ModelLine line,
        List<Map<String, Object>> layout,
        String manifest,
        String manifestHash,
        String signature,
        String createdBy,
        List<ModelLine> trail,
        List<ModelLine> children) {}
