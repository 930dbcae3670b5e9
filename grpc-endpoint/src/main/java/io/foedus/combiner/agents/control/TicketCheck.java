package io.foedus.combiner.agents.control;

import io.foedus.combiner.agents.entity.AgentPrincipal;
import io.foedus.combiner.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides offline whether a ticket is the controller's word: {@code base64url(JSON) "." base64url(Ed25519 signature of
 * the JSON's bytes)}. Safe for many threads.
 */
public final class TicketCheck {
    private final Clock clock;
    private final Set<UUID> revoked = ConcurrentHashMap.newKeySet();
    private volatile @Nullable PublicKey key;

    /** @param clock the wall clock, which tickets' ends are compared with */
    public TicketCheck(Clock clock) {
        this.clock = clock;
    }

    /**
     * Sets the controller's key.
     *
     * @param x509 X.509 encoding in base64
     * @throws IOException if it is not an Ed25519 key
     */
    public void trust(String x509) throws IOException {
        try {
            byte[] encoded = Base64.getDecoder().decode(x509);
            key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("the controller's public key cannot be used: " + e.getMessage(), e);
        }
    }

    /** Whether a key is known at all. */
    public boolean ready() {
        return key != null;
    }

    public void revoke(UUID client) {
        revoked.add(client);
    }

    public boolean isRevoked(UUID client) {
        return revoked.contains(client);
    }

    /** @throws TicketRefused with a sentence that is safe to show to the caller */
    public AgentPrincipal check(String ticket) throws TicketRefused {
        int dot = ticket.indexOf('.');
        if (dot < 0) {
            throw new TicketRefused("not a ticket");
        }
        byte[] claims = decode(ticket.substring(0, dot));
        if (!signed(claims, decode(ticket.substring(dot + 1)))) {
            throw new TicketRefused("the ticket is not signed by this installation's controller");
        }
        AgentPrincipal principal = read(new String(claims, StandardCharsets.UTF_8));
        if (!clock.instant().isBefore(principal.expires())) {
            throw new TicketRefused("the ticket expired at " + principal.expires() + "; it is now " + clock.instant());
        }
        if (isRevoked(principal.client())) {
            throw new TicketRefused("the client has been revoked");
        }
        return principal;
    }

    private boolean signed(byte[] claims, byte[] signature) throws TicketRefused {
        PublicKey trusted = key;
        if (trusted == null) {
            throw new TicketRefused("this combiner does not know the controller's key yet; try again");
        }
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(trusted);
            verifier.update(claims);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static AgentPrincipal read(String json) throws TicketRefused {
        try {
            Claims claims = Json.read(json, Claims.class);
            return new AgentPrincipal(
                    claims.client(), claims.alliance(), claims.name(), Instant.ofEpochSecond(claims.exp()));
        } catch (IOException | DateTimeException | NullPointerException e) {
            throw new TicketRefused("the ticket does not say who is calling");
        }
    }

    private static byte[] decode(String text) throws TicketRefused {
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new TicketRefused("not a ticket");
        }
    }

    /** What a ticket says; {@code exp} in seconds since 1970. */
    public record Claims(UUID client, String alliance, String name, long exp) {}
}
