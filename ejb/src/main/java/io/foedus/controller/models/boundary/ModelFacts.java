package io.foedus.controller.models.boundary;

import java.util.List;
import java.util.Map;

/**
 * What is known of one model.
 *
 * @param layout its tensors: name, dtype, shape
 * @param proof the signed manifest that names parent, inputs and aggregator, null of a seed model
 * @param createdBy name of the account that uploaded it, or null
 * @param trail its ancestors, nearest first, at most fifty
 * @param children models that were trained from it, the newest first, at most fifty
 */
public record ModelFacts(
        ModelView model,
        List<Map<String, Object>> layout,
        ManifestView proof,
        String createdBy,
        List<ModelView> trail,
        List<ModelView> children) {}
