package io.foedus.core.aggregation;

import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a fold made.
 *
 * @param digest SHA-256 of the output file
 * @param bytes size of the output file
 * @param elements number of elements in the model
 * @param format of the output file
 * @param sum whether the output is a sum, no model: the partial of a rule that is one
 * @param weight the weight of the output as a partial: the sum of what the contributions counted with
 * @param ids the contributions in fold order
 * @param notes what the aggregator decided on the way
 * @param next the aggregator to use in the next round, for a rule that adapts; empty if it stays the same
 */
public record FoldResult(
        Digest digest,
        long bytes,
        long elements,
        ModelFormat format,
        boolean sum,
        double weight,
        List<String> ids,
        Map<String, String> notes,
        Optional<String> next) {}
