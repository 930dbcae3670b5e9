package io.foedus.core.models;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Map;

/**
 * Numbers one after the other and nothing else, little-endian: {@code raw} is float64, FEDn's binary helper;
 * {@code raw32} is float32, FEDn's Android helper. Has no mark, so it is used only when it is asked for. Reads as one
 * tensor named {@code 0}; a model of several tensors is written as their concatenation.
 */
public class RawFormat implements ModelFormat {
    private final DType dtype;

    /** The float64 form. */
    public RawFormat() {
        this(DType.F64);
    }

    private RawFormat(DType dtype) {
        this.dtype = dtype;
    }

    /** The float32 form. */
    public static final class Single extends RawFormat {
        public Single() {
            super(DType.F32);
        }
    }

    @Override
    public String id() {
        return dtype == DType.F64 ? "raw" : "raw32";
    }

    @Override
    public String suffix() {
        return ".bin";
    }

    @Override
    public boolean hasMark() {
        return false;
    }

    @Override
    public boolean recognises(ByteBuffer head, long fileBytes) {
        return false;
    }

    @Override
    public ModelContents read(FileChannel file, ReadLimits limits) throws IOException {
        long bytes = file.size();
        if (bytes % dtype.bytes() != 0) {
            throw new MalformedModelException(
                    "the file has " + bytes + " bytes, which is no whole number of " + dtype.label() + " values");
        }
        if (bytes > limits.maxPayloadBytes()) {
            throw new MalformedModelException(
                    "the file has " + bytes + " bytes, more than the " + limits.maxPayloadBytes() + " allowed");
        }
        TensorSpec spec = TensorSpec.of("0", dtype, bytes / dtype.bytes());
        return new ModelContents(
                List.of(new StoredTensor(spec, 0, -1, 0, ByteOrder.LITTLE_ENDIAN, false)), Map.of(), List.of());
    }

    @Override
    public WritePlan plan(ModelLayout layout, Map<String, String> metadata) {
        long[] offsets = new long[layout.tensors().size() + 1];
        for (int i = 0; i < layout.tensors().size(); i++) {
            TensorSpec spec = layout.tensors().get(i);
            if (spec.dtype() != dtype) {
                throw new IllegalArgumentException(id() + " holds " + dtype.label() + " values only, tensor '"
                        + spec.name() + "' is " + spec.dtype().label());
            }
            offsets[i + 1] = offsets[i] + spec.bytes();
        }
        return new HeaderPlan(new byte[0], offsets);
    }
}
