package io.foedus.controller.combiners.boundary;

import java.util.UUID;

/**
 * The answer to a registration.
 *
 * @param token shown once, null when an existing combiner registers again
 * @param epoch to be named in everything it reports from now on
 * @param publicKey checks clients' tickets
 */
public record Registration(UUID combinerId, String token, long epoch, String publicKey, long heartbeatSeconds) {
    @Override
    public String toString() {
        return "Registration[" + combinerId + ", epoch " + epoch + "]";
    }
}
