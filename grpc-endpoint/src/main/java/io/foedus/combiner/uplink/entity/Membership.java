package io.foedus.combiner.uplink.entity;

import java.util.UUID;

/**
 * What the controller granted: who this combiner is, and under which epoch it acts.
 *
 * @param token secret; never logged
 * @param publicKey Ed25519 key that signs tickets: X.509, base64
 * @param heartbeatSeconds how long a heartbeat may be held
 */
public record Membership(UUID combinerId, String token, long epoch, String publicKey, int heartbeatSeconds) {
    @Override
    public String toString() {
        return "combiner " + combinerId + " epoch " + epoch;
    }
}
