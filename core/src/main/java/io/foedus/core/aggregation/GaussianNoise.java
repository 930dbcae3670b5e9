package io.foedus.core.aggregation;

import io.foedus.core.models.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Standard normal numbers that nobody without the key can tell from chance: AES-256 in counter mode, the counter being
 * the place of the number, so that blocks can be made in any order; then the Box–Muller transform in
 * {@link StrictMath}, so that every machine makes the same. One per thread.
 *
 * <p>Numbers are doubles, with the known limits of floating-point noise (Mironov 2012, doi:10.1145/2382196.2382264).
 */
final class GaussianNoise {
    private final SecretKeySpec key;

    GaussianNoise(Digest key) {
        this.key = new SecretKeySpec(HexFormat.of().parseHex(key.hex()), "AES");
    }

    /**
     * Adds numbers number {@code first}, {@code first} + 1, … of a named stream, times a factor.
     *
     * @param first even
     */
    void add(String stream, long first, double factor, double[] to, int count) {
        if (first % 2 != 0) {
            throw new IllegalArgumentException("pairs of numbers begin at even places, not at " + first);
        }
        int pairs = (count + 1) / 2;
        ByteBuffer random = random(stream, first / 2, pairs);
        for (int pair = 0; pair < pairs; pair++) {
            double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniform(random.getLong())));
            double angle = 2 * Math.PI * uniform(random.getLong());
            to[2 * pair] += factor * radius * StrictMath.cos(angle);
            if (2 * pair + 1 < count) {
                to[2 * pair + 1] += factor * radius * StrictMath.sin(angle);
            }
        }
    }

    /** In [0, 1), 53 bits. */
    private static double uniform(long bits) {
        return (bits >>> 11) * 0x1p-53;
    }

    private ByteBuffer random(String stream, long counter, int blocks) {
        byte[] name = HexFormat.of()
                .parseHex(Digest.of(stream.getBytes(StandardCharsets.UTF_8)).hex());
        byte[] start = ByteBuffer.allocate(16).put(name, 0, 8).putLong(counter).array();
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(start));
            return ByteBuffer.wrap(cipher.doFinal(new byte[blocks * 16]));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES in counter mode", e);
        }
    }
}
