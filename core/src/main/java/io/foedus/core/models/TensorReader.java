package io.foedus.core.models;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Reads slices of one tensor, always in C order, and cast to another dtype if it was opened so. Confined to one thread;
 * open one per thread and tensor. Reading forward is fast for every file; going back costs a fresh start where the
 * tensor is deflated.
 */
public final class TensorReader implements AutoCloseable {
    private final ByteSource source;
    private final TensorSpec spec;
    private final DType lying;
    private final ByteOrder order;
    private final SliceBuffer.@Nullable Casting casting;
    private final ByteBuffer buffer;
    private final float[] floats;
    private final byte[] heap;
    private final long offset;
    private final @Nullable PassingDigest digest;
    private long passed;

    /** @param as what it is read as: the tensor's own spec, or another dtype to cast to */
    TensorReader(
            FileChannel file, StoredTensor tensor, TensorSpec as, SliceBuffer shared, @Nullable PassingDigest digest)
            throws IOException {
        this(
                tensor.transposed() ? new TransposedSource(file, tensor) : ByteSource.of(file, tensor),
                tensor,
                as,
                shared,
                digest);
    }

    TensorReader(
            ByteSource source, StoredTensor tensor, TensorSpec as, SliceBuffer shared, @Nullable PassingDigest digest) {
        this.source = source;
        spec = as;
        lying = tensor.spec().dtype();
        casting = lying == spec.dtype() ? null : shared.casting();
        order = tensor.order();
        buffer = shared.bytes;
        floats = shared.floats;
        heap = shared.heap;
        offset = tensor.offset();
        this.digest = digest;
    }

    public TensorSpec spec() {
        return spec;
    }

    /**
     * Reads elements as doubles: exact for every dtype but 64-bit integers beyond 2^53.
     *
     * @param first index of the first element
     * @param at where the first element goes in {@code into}
     */
    public void read(long first, double[] into, int at, int count) throws IOException {
        int most = bytesAtATime();
        for (int done = 0; done < count; ) {
            int now = Math.min(most, count - done);
            decode(load(first + done, now), into, at + done, now);
            done += now;
        }
    }

    /**
     * Reads elements and adds them, times a factor, to sums; what a mean spends its time on.
     *
     * @param sums receives the sums from its first place on
     */
    public void addScaled(long first, double factor, double[] sums, int count) throws IOException {
        int most = bytesAtATime();
        for (int done = 0; done < count; ) {
            int now = Math.min(most, count - done);
            addScaled(load(first + done, now), factor, sums, done, now);
            done += now;
        }
    }

    private void addScaled(ByteBuffer in, double factor, double[] sums, int at, int count) {
        if (spec.dtype() == DType.F32) {
            in.asFloatBuffer().get(floats, 0, count);
            for (int i = 0; i < count; i++) {
                sums[at + i] += factor * floats[i];
            }
        } else {
            for (int i = 0; i < count; i++) {
                sums[at + i] += factor * element(spec.dtype(), in, i);
            }
        }
    }

    /**
     * Reads elements as they are, little-endian.
     *
     * @return a buffer that is valid until the next call on this reader
     */
    public ByteBuffer bytes(long first, int count) throws IOException {
        int width = spec.dtype().bytes();
        if (count > bytesAtATime()) {
            throw new IllegalArgumentException("at most " + bytesAtATime() + " elements at a time");
        }
        ByteBuffer loaded = load(first, count);
        if (loaded.order() == ByteOrder.BIG_ENDIAN) {
            for (int i = 0; i < loaded.limit(); i += width) {
                for (int low = i, high = i + width - 1; low < high; low++, high--) {
                    byte kept = loaded.get(low);
                    loaded.put(low, loaded.get(high)).put(high, kept);
                }
            }
        }
        return loaded.order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Elements that {@link #bytes} can deliver at a time. */
    public int bytesAtATime() {
        return casting == null ? buffer.capacity() / spec.dtype().bytes() : casting.values.length;
    }

    /**
     * Compares all that was read with what the file states about it, for a reader that does.
     *
     * @throws MalformedModelException if it differs
     */
    void verify() throws IOException {
        if (source instanceof CheckedSource checked) {
            checked.verify();
        }
    }

    /** Shows a slice to the {@link PassingDigest} of this reader, if it has one and {@link #read} has not done so. */
    public void pass(long first, int count) throws IOException {
        if (digest != null && first + count > passed) {
            int most = bytesAtATime();
            for (int done = 0; done < count; done += most) {
                load(first + done, Math.min(most, count - done));
            }
        }
    }

    private ByteBuffer load(long first, int count) throws IOException {
        int width = lying.bytes();
        buffer.clear().limit(count * width);
        source.read(buffer, first * width);
        buffer.flip();
        if (digest != null && first + count > passed) {
            digest.pass(offset + first * width, buffer, heap);
            passed = first + count;
        }
        buffer.order(order);
        return casting == null ? buffer : cast(casting, count);
    }

    private ByteBuffer cast(SliceBuffer.Casting to, int count) {
        decode(lying, buffer, to.values, 0, count);
        to.encoder.encode(spec.dtype(), to.values, 0, count, to.bytes.clear());
        return to.bytes.flip();
    }

    /** Turns what {@link #bytes} delivered into doubles. */
    void decode(ByteBuffer delivered, double[] into, int count) {
        decode(delivered, into, 0, count);
    }

    private void decode(ByteBuffer in, double[] out, int at, int count) {
        decode(spec.dtype(), in, out, at, count);
    }

    private void decode(DType dtype, ByteBuffer in, double[] out, int at, int count) {
        switch (dtype) {
            case F32 -> {
                in.asFloatBuffer().get(floats, 0, count);
                for (int i = 0; i < count; i++) {
                    out[at + i] = floats[i];
                }
            }
            case F64 -> in.asDoubleBuffer().get(out, at, count);
            default -> {
                for (int i = 0; i < count; i++) {
                    out[at + i] = element(dtype, in, i);
                }
            }
        }
    }

    /** One element as a double, from a buffer in its byte order whose position is 0. */
    public static double element(DType dtype, ByteBuffer in, int i) {
        return switch (dtype) {
            case F64 -> in.getDouble(i << 3);
            case F32 -> in.getFloat(i << 2);
            case F16 -> SmallFloats.fromHalf(in.getShort(i << 1));
            case BF16 -> SmallFloats.fromBrain(in.getShort(i << 1));
            case I64 -> in.getLong(i << 3);
            case I32 -> in.getInt(i << 2);
            case I16 -> in.getShort(i << 1);
            case I8 -> in.get(i);
            case U64 -> unsigned(in.getLong(i << 3));
            case U32 -> in.getInt(i << 2) & 0xFFFF_FFFFL;
            case U16 -> in.getShort(i << 1) & 0xFFFF;
            case U8 -> in.get(i) & 0xFF;
            case BOOL -> in.get(i) != 0 ? 1 : 0;
        };
    }

    private static double unsigned(long bits) {
        // halving keeps the lowest bit, so that rounding is decided as if all 64 bits were there
        return bits >= 0 ? bits : (((bits >>> 1) | (bits & 1)) * 2.0);
    }

    @Override
    public void close() {
        source.close();
    }
}
