package io.foedus.core.models;

/**
 * The two 16-bit floating-point types that Java 17 lacks: IEEE binary16 and bfloat16.
 *
 * <p>Narrowing rounds to nearest, ties to even, directly from the double (no second rounding through float), overflows
 * to infinity and keeps subnormals: the rules of NumPy's casts.
 */
public final class SmallFloats {
    private SmallFloats() {}

    /** The binary16 bits nearest to a value. */
    public static short toHalf(double value) {
        return narrow(value, 10, 15, 0x7C00);
    }

    /** The bfloat16 bits nearest to a value. */
    public static short toBrain(double value) {
        return narrow(value, 7, 127, 0x7F80);
    }

    public static float fromHalf(short bits) {
        int exponent = bits >>> 10 & 0x1F;
        int fraction = bits & 0x3FF;
        float magnitude;
        if (exponent == 0) {
            magnitude = fraction * 0x1p-24f;
        } else if (exponent == 0x1F) {
            magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
        } else {
            magnitude = Float.intBitsToFloat((exponent + 112) << 23 | fraction << 13);
        }
        return bits < 0 ? -magnitude : magnitude;
    }

    public static float fromBrain(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    private static short narrow(double value, int fractionBits, int bias, int infinity) {
        int sign = Double.doubleToRawLongBits(value) < 0 ? 0x8000 : 0;
        if (Double.isNaN(value)) {
            return (short) (sign | infinity | 1 << (fractionBits - 1));
        }
        double magnitude = Math.abs(value);
        int exponent = Math.max(Math.getExponent(magnitude), 1 - bias);
        if (exponent > bias) {
            return (short) (sign | infinity);
        }
        int significand = (int) Math.rint(Math.scalb(magnitude, fractionBits - exponent));
        // a significand that rounds up to the next power of two carries into the exponent field by itself
        int bits = ((exponent + bias - 1) << fractionBits) + significand;
        return (short) (sign | Math.min(bits, infinity));
    }
}
