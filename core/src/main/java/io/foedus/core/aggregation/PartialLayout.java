package io.foedus.core.aggregation;

import io.foedus.core.models.DType;
import io.foedus.core.models.ModelLayout;
import io.foedus.core.models.TensorSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * How the partial of a rule looks that is a sum: not a model, but what its model is made of, so that nothing is rounded
 * to the model's dtypes before the root does so once.
 *
 * <p>Of a floating tensor {@code w} it holds {@code sum.w} in float64: what its inputs come to before the division. Of
 * a tensor that is not floating, also {@code first.n}, the values of the first input, and {@code agreed.n}, where all
 * inputs have them; or only {@code base.n} where the rule keeps the base model's values.
 *
 * @param layout of the partial
 * @param places where the planes of each of the model's tensors begin
 */
record PartialLayout(ModelLayout layout, List<Integer> places) {
    /** Planes of a tensor that is not floating, behind its sum. */
    static final int FIRST = 1;

    static final int AGREED = 2;

    static PartialLayout of(ModelLayout model, IntegerRule integers) {
        List<TensorSpec> planes = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (TensorSpec tensor : model.tensors()) {
            places.add(planes.size());
            if (tensor.dtype().floating()) {
                planes.add(plane("sum.", tensor, DType.F64));
            } else if (integers == IntegerRule.KEEP_BASE) {
                planes.add(plane("base.", tensor, tensor.dtype()));
            } else {
                planes.add(plane("sum.", tensor, DType.F64));
                planes.add(plane("first.", tensor, tensor.dtype()));
                planes.add(plane("agreed.", tensor, DType.BOOL));
            }
        }
        return new PartialLayout(new ModelLayout(planes), places);
    }

    /** Whether a layout has the names of a partial's. */
    static boolean looksLikeOne(ModelLayout layout) {
        return layout.tensors().stream().anyMatch(tensor -> tensor.name().startsWith("sum."));
    }

    /** Whether a tensor has more planes than its sum. */
    boolean hasPlanes(int tensor) {
        int end = tensor + 1 < places.size()
                ? places.get(tensor + 1)
                : layout.tensors().size();
        return end - places.get(tensor) > AGREED;
    }

    private static TensorSpec plane(String prefix, TensorSpec tensor, DType dtype) {
        return new TensorSpec(prefix + tensor.name(), dtype, tensor.shape());
    }
}
