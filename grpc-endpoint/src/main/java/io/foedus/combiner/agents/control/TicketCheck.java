package io.foedus.combiner.agents.control;

import io.foedus.combiner.agents.entity.AgentPrincipal;
import io.foedus.core.identity.ForgedTicketException;
import io.foedus.core.identity.Ticket;
import io.foedus.core.lineage.Signatures;
import java.io.IOException;
import java.security.PublicKey;
import java.time.Clock;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Decides offline whether a ticket is the controller's word and still counts. Safe for many threads. */
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
            key = Signatures.publicKey(x509);
        } catch (IllegalArgumentException e) {
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
    public AgentPrincipal check(String text) throws TicketRefused {
        PublicKey controller = key;
        if (controller == null) {
            throw new TicketRefused("this combiner does not know the controller's key yet; try again");
        }
        Ticket ticket = opened(text, controller);
        if (!clock.instant().isBefore(ticket.expires())) {
            throw new TicketRefused("the ticket expired at " + ticket.expires() + "; it is now " + clock.instant());
        }
        if (isRevoked(ticket.client())) {
            throw new TicketRefused("the client has been revoked");
        }
        return new AgentPrincipal(ticket.client(), ticket.alliance(), ticket.name(), ticket.expires());
    }

    private static Ticket opened(String text, PublicKey controller) throws TicketRefused {
        try {
            return Ticket.opened(text, controller);
        } catch (ForgedTicketException e) {
            throw new TicketRefused(String.valueOf(e.getMessage()));
        }
    }
}
