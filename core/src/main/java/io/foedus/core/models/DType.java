package io.foedus.core.models;

import java.util.Locale;

/**
 * The element type of a tensor. The names follow NumPy and safetensors: a letter for the kind, then bits.
 *
 * <p>{@code BF16} has no NumPy letter of its own; NumPy writes it as the two-byte void type {@code V2}, and so do we.
 */
public enum DType {
    F64(8, Kind.FLOATING, "f8"),
    F32(4, Kind.FLOATING, "f4"),
    F16(2, Kind.FLOATING, "f2"),
    BF16(2, Kind.FLOATING, "V2"),
    I64(8, Kind.INTEGER, "i8"),
    I32(4, Kind.INTEGER, "i4"),
    I16(2, Kind.INTEGER, "i2"),
    I8(1, Kind.INTEGER, "i1"),
    U64(8, Kind.INTEGER, "u8"),
    U32(4, Kind.INTEGER, "u4"),
    U16(2, Kind.INTEGER, "u2"),
    U8(1, Kind.INTEGER, "u1"),
    BOOL(1, Kind.BOOLEAN, "b1");

    /** What arithmetic means for the type. */
    public enum Kind {
        FLOATING,
        INTEGER,
        BOOLEAN
    }

    private final int bytes;
    private final Kind kind;
    private final String numpy;

    DType(int bytes, Kind kind, String numpy) {
        this.bytes = bytes;
        this.kind = kind;
        this.numpy = numpy;
    }

    /** Bytes per element. */
    public int bytes() {
        return bytes;
    }

    public Kind kind() {
        return kind;
    }

    public boolean floating() {
        return kind == Kind.FLOATING;
    }

    /** The NumPy type string without its byte-order mark, for example {@code f4}. */
    public String numpy() {
        return numpy;
    }

    /** The type people read and write: {@code f32}, {@code i64}, {@code bool}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * What a value's magnitude must be below to be taken in: it keeps sums of products and of squares finite, whatever
     * the weights and however many values there are. It is a limit for f64 only; other types cannot reach it.
     */
    public double scale() {
        return this == F64 ? 0x1p480 : Double.POSITIVE_INFINITY;
    }

    /** The smallest magnitude that becomes infinite when it is written in this type. */
    public double overflow() {
        return switch (this) {
            case F32 -> 0x1.ffffffp127;
            case F16 -> 0x1.ffep15;
            case BF16 -> 0x1.ffp127;
            default -> Double.POSITIVE_INFINITY;
        };
    }

    /**
     * Whether numbers of another type may be cast to this one: floating types take all numbers, and round them;
     * integers take integers whose range they hold, and booleans; fractions are never made whole.
     */
    public boolean takes(DType other) {
        if (this == other || floating()) {
            return true;
        }
        return kind == Kind.INTEGER
                && !other.floating()
                && smallest() <= other.smallest()
                && largest() >= other.largest();
    }

    /** The smallest value an integer or boolean type can hold. */
    double smallest() {
        return switch (this) {
            case I64 -> Long.MIN_VALUE;
            case I32 -> Integer.MIN_VALUE;
            case I16 -> Short.MIN_VALUE;
            case I8 -> Byte.MIN_VALUE;
            case U64, U32, U16, U8, BOOL -> 0;
            case F64, F32, F16, BF16 -> Double.NEGATIVE_INFINITY;
        };
    }

    /** The largest value an integer or boolean type can hold, as the nearest double. */
    double largest() {
        return switch (this) {
            case I64 -> Long.MAX_VALUE;
            case I32 -> Integer.MAX_VALUE;
            case I16 -> Short.MAX_VALUE;
            case I8 -> Byte.MAX_VALUE;
            case U64 -> 0x1p64;
            case U32 -> 0xFFFF_FFFFL;
            case U16 -> 0xFFFF;
            case U8 -> 0xFF;
            case BOOL -> 1;
            case F64, F32, F16, BF16 -> Double.POSITIVE_INFINITY;
        };
    }
}
