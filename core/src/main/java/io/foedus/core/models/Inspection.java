package io.foedus.core.models;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One reading of a model from its first tensor to its last: checksums, finite values, norm, and a copy if one is
 * wanted. For one thread; constant memory.
 */
final class Inspection {
    private static final int BLOCK = 8192;

    private final ModelFile model;
    private final Optional<ModelFile> global;
    private final Optional<ModelWriter.Slices> copy;
    private final SliceBuffer buffer = new SliceBuffer();
    private final SliceBuffer globalBuffer = new SliceBuffer();
    private final double[] values = new double[BLOCK];
    private final double[] base = new double[BLOCK];
    private double squares;

    /**
     * @param global what the norm is a distance to; empty for the model's own norm
     * @param copy of a model of the same layout
     */
    Inspection(ModelFile model, Optional<ModelFile> global, Optional<ModelWriter.Slices> copy) {
        this.model = model;
        this.global = global;
        this.copy = copy;
    }

    /**
     * Reads.
     *
     * @return a sentence about the first value that is not finite, if there is one
     * @throws MalformedModelException if the file differs from what it states about itself
     */
    Optional<String> run() throws IOException {
        for (int i = 0; i < model.layout().tensors().size(); i++) {
            TensorSpec spec = model.layout().tensors().get(i);
            long infinite = inspect(i, spec);
            if (infinite >= 0) {
                return Optional.of("tensor '" + spec.name() + "' has the value NaN or infinity at index " + infinite);
            }
        }
        return Optional.empty();
    }

    /** The index of the first value that is not finite, or -1. */
    private long inspect(int tensor, TensorSpec spec) throws IOException {
        try (TensorReader reader = model.checkedReader(tensor, buffer);
                TensorReader reference = global.orElse(model).reader(tensor, globalBuffer)) {
            double sum = 0;
            for (long first = 0; first < spec.elements(); first += BLOCK) {
                int count = (int) Math.min(BLOCK, spec.elements() - first);
                ByteBuffer bytes = reader.bytes(first, count);
                if (spec.dtype().floating()) {
                    reader.decode(bytes, values, count);
                    if (global.isPresent()) {
                        reference.read(first, base, 0, count);
                    }
                    double block = squares(count);
                    int infinite = Double.isFinite(block) ? -1 : firstInfinite(count);
                    if (infinite >= 0) {
                        return first + infinite;
                    }
                    sum += block;
                }
                if (copy.isPresent()) {
                    copy.get().writeBytes(tensor, first, bytes);
                }
            }
            reader.verify();
            squares += sum;
            return -1;
        }
    }

    private double squares(int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            double difference = values[i] - base[i];
            sum += difference * difference;
        }
        return sum;
    }

    private int firstInfinite(int count) {
        for (int i = 0; i < count; i++) {
            if (!Double.isFinite(values[i])) {
                return i;
            }
        }
        return -1;
    }

    /** The L2 norm of the floating tensors, once all has been read. */
    double norm() {
        return Math.sqrt(squares);
    }

    boolean ofDifference() {
        return global.isPresent();
    }

    long elements() {
        return model.layout().elements();
    }
}
