package io.foedus.core.models;

import io.foedus.core.models.AdmissionResult.Code;
import io.foedus.core.models.AdmissionResult.Rejected;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One reading of a model from its first tensor to its last: checksums, finite values within scale, norm, and a copy if
 * one is wanted. For one thread; constant memory.
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
     * @return the first value that cannot be summed, if there is one
     * @throws MalformedModelException if the file differs from what it states about itself
     */
    Optional<Rejected> run() throws IOException {
        for (int i = 0; i < model.layout().tensors().size(); i++) {
            Optional<Rejected> bad = inspect(i, model.layout().tensors().get(i));
            if (bad.isPresent()) {
                return bad;
            }
        }
        return Optional.empty();
    }

    private Optional<Rejected> inspect(int tensor, TensorSpec spec) throws IOException {
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
                    boolean sound = Double.isFinite(block) && (spec.dtype() != DType.F64 || within(count));
                    if (!sound) {
                        return Optional.of(firstBad(spec, first, count));
                    }
                    sum += block;
                }
                if (copy.isPresent()) {
                    copy.get().writeBytes(tensor, first, bytes);
                }
            }
            reader.verify();
            squares += sum;
            return Optional.empty();
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

    private boolean within(int count) {
        boolean within = true;
        for (int i = 0; i < count; i++) {
            within &= Math.abs(values[i]) < DType.F64.scale();
        }
        return within;
    }

    private Rejected firstBad(TensorSpec spec, long first, int count) {
        double scale = spec.dtype().scale();
        int at = 0;
        while (at < count - 1 && Math.abs(values[at]) < scale) {
            at++;
        }
        String place = " at index " + (first + at);
        return Double.isFinite(values[at])
                ? new Rejected(
                        Code.OUT_OF_SCALE,
                        "tensor '" + spec.name() + "' has the value " + values[at] + place
                                + "; only values below 2^480 (about 3e144) can be summed")
                : new Rejected(Code.NOT_FINITE, "tensor '" + spec.name() + "' has the value NaN or infinity" + place);
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
