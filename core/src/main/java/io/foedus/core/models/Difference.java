package io.foedus.core.models;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * How far two models of one layout are apart, in numbers. Computed block by block on the calling thread.
 *
 * @param tensors one entry per tensor, in layout order
 */
public record Difference(List<OfTensor> tensors) {
    private static final int BLOCK = 8192;

    /**
     * One tensor's part.
     *
     * @param differing how many elements are not equal
     * @param largest the largest absolute difference; NaN if a NaN stands against a number
     * @param squares the sum of squared differences
     * @param squaresOfFirst the sum of squares of the first model's values
     */
    public record OfTensor(TensorSpec spec, long differing, double largest, double squares, double squaresOfFirst) {}

    public Difference {
        tensors = List.copyOf(tensors);
    }

    /**
     * Compares values; dtypes may differ, names and shapes may not.
     *
     * @throws IllegalArgumentException if the models cannot be compared element by element
     */
    public static Difference between(ModelFile first, ModelFile second) throws IOException {
        if (first.layout().tensors().size() != second.layout().tensors().size()) {
            throw new IllegalArgumentException("one model has "
                    + first.layout().tensors().size() + " tensors, the other "
                    + second.layout().tensors().size());
        }
        List<OfTensor> tensors = new ArrayList<>();
        for (int i = 0; i < first.layout().tensors().size(); i++) {
            TensorSpec spec = first.layout().tensors().get(i);
            TensorSpec other = second.layout().tensors().get(i);
            if (!spec.name().equals(other.name()) || !spec.shape().equals(other.shape())) {
                throw new IllegalArgumentException(
                        "tensor " + i + " is '" + spec + "' in one and '" + other + "' in the other model");
            }
            tensors.add(ofTensor(first, second, i));
        }
        return new Difference(tensors);
    }

    private static OfTensor ofTensor(ModelFile first, ModelFile second, int tensor) throws IOException {
        SliceBuffer buffer = new SliceBuffer();
        double[] a = new double[BLOCK];
        double[] b = new double[BLOCK];
        TensorSpec spec = first.layout().tensors().get(tensor);
        long differing = 0;
        double largest = 0;
        double squares = 0;
        double own = 0;
        try (TensorReader left = first.reader(tensor, buffer);
                TensorReader right = second.reader(tensor, buffer)) {
            for (long at = 0; at < spec.elements(); at += BLOCK) {
                int count = (int) Math.min(BLOCK, spec.elements() - at);
                left.read(at, a, 0, count);
                right.read(at, b, 0, count);
                for (int i = 0; i < count; i++) {
                    own += a[i] * a[i];
                    if (Double.compare(a[i], b[i]) != 0 && a[i] != b[i]) {
                        double difference = Math.abs(a[i] - b[i]);
                        differing++;
                        largest = Math.max(largest, difference);
                        squares += difference * difference;
                    }
                }
            }
        }
        return new OfTensor(spec, differing, largest, squares, own);
    }

    public long differing() {
        return tensors.stream().mapToLong(OfTensor::differing).sum();
    }

    /** The largest absolute difference of any element. */
    public double largest() {
        return tensors.stream().mapToDouble(OfTensor::largest).reduce(0, Math::max);
    }

    /** The L2 norm of the difference. */
    public double norm() {
        return Math.sqrt(tensors.stream().mapToDouble(OfTensor::squares).sum());
    }

    /** The L2 norm of the difference over that of the first model; 0 if both are 0. */
    public double relative() {
        double own = tensors.stream().mapToDouble(OfTensor::squaresOfFirst).sum();
        double norm = norm();
        return norm == 0 ? 0 : norm / Math.sqrt(own);
    }
}
