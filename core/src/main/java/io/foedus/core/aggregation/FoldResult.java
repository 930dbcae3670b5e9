package io.foedus.core.aggregation;

import io.foedus.core.models.Digest;
import java.util.List;
import java.util.Map;

/**
 * What a fold made.
 *
 * @param digest SHA-256 of the output file
 * @param bytes size of the output file
 * @param elements number of elements in the model
 * @param weight sum of the contributions' weights: the weight of the output as a partial
 * @param ids the contributions in fold order
 * @param notes what the aggregator decided on the way
 */
public record FoldResult(
        Digest digest, long bytes, long elements, double weight, List<String> ids, Map<String, String> notes) {}
