package io.foedus.core.models;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which bytes of a tensor have been written, and their CRC-32, put together from pieces that come in any order. Safe
 * for many threads; holds one entry per gap, not per piece.
 *
 * <p>Two checksums make one by polynomial arithmetic modulo CRC-32's generator over GF(2), as zlib's
 * {@code crc32_combine} does: crc(AB) = crc(A)·x^(8·|B|) + crc(B).
 */
final class WrittenRuns {
    private static final int POLYNOMIAL = 0xEDB88320;
    private static final int ONE = 1 << 31;

    /** x^(2^n) for every n. */
    private static final int[] POWERS = new int[64];

    static {
        POWERS[0] = 1 << 30;
        for (int n = 1; n < POWERS.length; n++) {
            POWERS[n] = multiply(POWERS[n - 1], POWERS[n - 1]);
        }
    }

    private record Run(long end, int crc) {}

    private final NavigableMap<Long, Run> runs = new TreeMap<>();

    /**
     * Adds a piece that follows on, precedes or lies apart from those before it.
     *
     * @throws IllegalStateException if some of it has been written before: its checksum is spent
     */
    synchronized void add(long start, long end, int crc) {
        long first = start;
        long last = end;
        int sum = crc;
        Map.Entry<Long, Run> before = runs.floorEntry(start);
        Long next = runs.higherKey(start);
        if ((before != null && before.getValue().end > start) || (next != null && next < end)) {
            throw new IllegalStateException("bytes " + start + " to " + end + " are written twice");
        }
        if (before != null && before.getValue().end == start) {
            first = before.getKey();
            sum = combine(before.getValue().crc, sum, end - start);
        }
        Run after = runs.remove(end);
        if (after != null) {
            sum = combine(sum, after.crc, after.end - end);
            last = after.end;
        }
        runs.put(first, new Run(last, sum));
    }

    /** Whether every byte has been written, each once. */
    synchronized boolean complete(long bytes) {
        Run first = runs.get(0L);
        return bytes == 0 ? runs.isEmpty() : runs.size() == 1 && first != null && first.end == bytes;
    }

    /** The CRC-32 of some bytes that come first, followed by the tensor's, which must be complete. */
    synchronized int crcAfter(int prefix) {
        Run whole = runs.get(0L);
        return whole == null ? prefix : combine(prefix, whole.crc, whole.end);
    }

    /** The CRC-32 of two parts, from those of the parts and the length of the second. */
    static int combine(int first, int second, long secondBytes) {
        int shift = ONE;
        // 8 bits a byte: the exponent's binary digits begin at x^8 = x^(2^3)
        for (int n = 3; n < POWERS.length && secondBytes >>> (n - 3) != 0; n++) {
            if ((secondBytes >>> (n - 3) & 1) != 0) {
                shift = multiply(POWERS[n], shift);
            }
        }
        return multiply(shift, first) ^ second;
    }

    /** The product of two polynomials whose lowest coefficient is the highest bit. */
    private static int multiply(int a, int b) {
        int product = 0;
        int factor = b;
        for (int bit = ONE; bit != 0; bit >>>= 1) {
            if ((a & bit) != 0) {
                product ^= factor;
            }
            factor = (factor & 1) != 0 ? (factor >>> 1) ^ POLYNOMIAL : factor >>> 1;
        }
        return product;
    }
}
