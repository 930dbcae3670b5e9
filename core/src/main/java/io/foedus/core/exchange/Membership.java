package io.foedus.core.exchange;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the controller granted: who a combiner is, and under which epoch it acts.
 *
 * @param token secret, never logged; absent when a combiner registers again, because it has its token
 * @param epoch to be named in everything it reports from now on
 * @param publicKey Ed25519 key that signs tickets: X.509, base64
 * @param heartbeatSeconds how long a heartbeat may be held
 */
public record Membership(UUID combinerId, @Nullable String token, long epoch, String publicKey, int heartbeatSeconds) {
    /**
     * The token, of a membership that keeps it.
     *
     * @throws IllegalStateException if this is the answer to a combiner that registered again, and has its token
     */
    public String bearer() {
        if (token == null) {
            throw new IllegalStateException("the controller did not say the token of combiner " + combinerId);
        }
        return token;
    }

    @Override
    public String toString() {
        return "combiner " + combinerId + " epoch " + epoch;
    }
}
