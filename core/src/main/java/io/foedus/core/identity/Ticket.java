package io.foedus.core.identity;

import io.foedus.core.json.Json;
import io.foedus.core.json.JsonObject;
import io.foedus.core.lineage.Signatures;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * What the controller says about a client to combiners, who check it offline: {@code base64url(JSON {client, alliance,
 * name, exp}) "." base64url(Ed25519 signature of the JSON's bytes)} without padding, {@code exp} in seconds since 1970.
 *
 * @param alliance the alliance's name
 * @param name the client's
 * @param expires a whole second; from then on the ticket counts no more
 */
public record Ticket(UUID client, String alliance, String name, Instant expires) {
    /** The ticket as a client shows it. */
    public String sealed(PrivateKey controller) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("client", client.toString());
        claims.put("alliance", alliance);
        claims.put("name", name);
        claims.put("exp", expires.getEpochSecond());
        byte[] body = Json.write(claims).getBytes(StandardCharsets.UTF_8);
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return base64.encodeToString(body) + "." + base64.encodeToString(Signatures.sign(body, controller));
    }

    /**
     * Reads a ticket that was shown; whether it has expired is left to the caller.
     *
     * @throws ForgedTicketException with a sentence that is safe to show to the caller
     */
    public static Ticket opened(String text, PublicKey controller) throws ForgedTicketException {
        int dot = text.indexOf('.');
        if (dot < 0) {
            throw new ForgedTicketException("not a ticket");
        }
        byte[] body = decoded(text.substring(0, dot));
        if (!Signatures.verify(body, decoded(text.substring(dot + 1)), controller)) {
            throw new ForgedTicketException("the ticket is not signed by this installation's controller");
        }
        try {
            JsonObject claims = Json.object(new String(body, StandardCharsets.UTF_8));
            return new Ticket(
                    UUID.fromString(claims.string("client")),
                    claims.string("alliance"),
                    claims.string("name"),
                    Instant.ofEpochSecond(claims.whole("exp")));
        } catch (IllegalArgumentException | DateTimeException e) { // no JSON, no such member, no UUID
            throw new ForgedTicketException("the ticket does not say who is calling");
        }
    }

    private static byte[] decoded(String text) throws ForgedTicketException {
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new ForgedTicketException("not a ticket");
        }
    }
}
