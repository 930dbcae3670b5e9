package io.foedus.core.models;

import java.nio.ByteBuffer;

/**
 * Turns doubles into elements: floating types round to nearest even; integers round to nearest even and saturate;
 * booleans are true from 0.5 up. For one thread.
 */
final class Encoder {
    private final float[] floats;

    /** @param bytes what a buffer holds at most */
    Encoder(int bytes) {
        floats = new float[bytes / Float.BYTES];
    }

    /** @param into little-endian; filled from its start, its position is behind the last element then */
    void encode(DType dtype, double[] from, int at, int count, ByteBuffer into) {
        switch (dtype) {
            case F32 -> {
                for (int i = 0; i < count; i++) {
                    floats[i] = (float) from[at + i];
                }
                into.asFloatBuffer().put(floats, 0, count);
                into.position(count * 4);
            }
            case F64 -> {
                into.asDoubleBuffer().put(from, at, count);
                into.position(count * 8);
            }
            default -> {
                for (int i = at; i < at + count; i++) {
                    element(dtype, from[i], into);
                }
            }
        }
    }

    private static void element(DType dtype, double value, ByteBuffer into) {
        switch (dtype) {
            case F64 -> into.putDouble(value);
            case F32 -> into.putFloat((float) value);
            case F16 -> into.putShort(SmallFloats.toHalf(value));
            case BF16 -> into.putShort(SmallFloats.toBrain(value));
            case BOOL -> into.put((byte) (value >= 0.5 ? 1 : 0));
            default -> integer(dtype, Math.min(Math.max(Math.rint(value), dtype.smallest()), dtype.largest()), into);
        }
    }

    private static void integer(DType dtype, double whole, ByteBuffer into) {
        switch (dtype.bytes()) {
            case 1 -> into.put((byte) (long) whole);
            case 2 -> into.putShort((short) (long) whole);
            case 4 -> into.putInt((int) (long) whole);
            default -> into.putLong(dtype == DType.U64 ? unsigned(whole) : (long) whole);
        }
    }

    private static long unsigned(double whole) {
        if (whole >= 0x1p64) {
            return -1;
        }
        return whole < 0x1p63 ? (long) whole : (long) (whole - 0x1p63) + Long.MIN_VALUE;
    }
}
