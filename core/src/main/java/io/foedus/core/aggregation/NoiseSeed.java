package io.foedus.core.aggregation;

import io.foedus.core.models.Digest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret that noise is made of. Whoever holds it can subtract the noise, so it is handed to a fold beside the rule
 * and appears in no spec, note, manifest or {@link #toString}.
 *
 * <p>One seed serves one fold, and its repetition by an auditor: noise that hides two different sums is hidden by their
 * difference. {@link #derive} makes many seeds of one secret.
 */
public final class NoiseSeed {
    /** Fewest bytes of a secret. */
    public static final int LEAST_BYTES = 16;

    private final byte[] secret;

    private NoiseSeed(byte[] secret) {
        this.secret = secret;
    }

    /** A seed from the operating system that nobody will ever know. */
    public static NoiseSeed fresh() {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        return new NoiseSeed(secret);
    }

    /**
     * A seed that can be used again.
     *
     * @throws IllegalArgumentException if the secret is too short to be one
     */
    public static NoiseSeed of(byte[] secret) {
        if (secret.length < LEAST_BYTES) {
            throw new IllegalArgumentException(
                    "a noise seed has at least " + LEAST_BYTES + " bytes, this one has " + secret.length);
        }
        return new NoiseSeed(secret.clone());
    }

    /** A seed of its own for every purpose, such as a round; tells nothing about this one (HMAC-SHA-256). */
    public NoiseSeed derive(String purpose) {
        return new NoiseSeed(hmac("seed\n" + purpose));
    }

    /** The key of a stream of noise; another one for every base model. */
    Digest key(Digest base) {
        return new Digest(HexFormat.of().formatHex(hmac("key\n" + base.hex())));
    }

    private byte[] hmac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    @Override
    public String toString() {
        return "NoiseSeed[secret]";
    }
}
