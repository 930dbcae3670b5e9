package io.foedus.controller.identity.boundary;

import io.foedus.controller.persistence.Json;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Tickets that agents show to combiners: {@code base64url(JSON {client, alliance, name, exp}) + "." + base64url(Ed25519
 * signature)} without padding; {@code exp} in seconds since 1970, {@code alliance} the alliance's name. Checked offline
 * with the public key. Thread-safe.
 */
@ApplicationScoped
public class Tickets {
    private static final Duration LIFETIME = Duration.ofDays(1);

    @Inject
    SigningKeys keys;

    @Inject
    Clock clock;

    /** A ticket and when it ends. */
    public record Ticket(String text, Instant expiresAt) {}

    /** A ticket of a day for this client. */
    public Ticket issue(UUID clientId, String alliance, String clientName) {
        Instant end = clock.instant().plus(LIFETIME).truncatedTo(ChronoUnit.SECONDS);
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("client", clientId.toString());
        claims.put("alliance", alliance);
        claims.put("name", clientName);
        claims.put("exp", end.getEpochSecond());
        byte[] body = Json.write(claims).getBytes(StandardCharsets.UTF_8);
        var base64 = Base64.getUrlEncoder().withoutPadding();
        return new Ticket(base64.encodeToString(body) + "." + base64.encodeToString(keys.sign(body)), end);
    }
}
