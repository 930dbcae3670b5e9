package io.foedus.controller.identity.boundary;

import io.foedus.core.identity.Ticket;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** Issues the tickets that agents show to combiners. Thread-safe. */
@ApplicationScoped
public class Tickets {
    private static final Duration LIFETIME = Duration.ofDays(1);

    @Inject
    SigningKeys keys;

    @Inject
    Clock clock;

    /** The text of a ticket and when it ends. */
    public record Issued(String text, Instant expiresAt) {}

    /** A ticket of a day for this client. */
    public Issued issue(UUID clientId, String alliance, String clientName) {
        Instant end = clock.instant().plus(LIFETIME).truncatedTo(ChronoUnit.SECONDS);
        return new Issued(new Ticket(clientId, alliance, clientName, end).sealed(keys.privateKey()), end);
    }
}
