package io.foedus.controller.clients.boundary;

import io.foedus.controller.clients.control.Placement;
import io.foedus.controller.clients.control.Seat;
import io.foedus.controller.clients.control.Seats;
import io.foedus.controller.clients.entity.Client;
import io.foedus.controller.clients.entity.ClientState;
import io.foedus.controller.events.boundary.Events;
import io.foedus.controller.events.entity.Event.About;
import io.foedus.controller.identity.boundary.Tokens;
import io.foedus.controller.identity.entity.AccessPolicy;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.news.boundary.News;
import io.foedus.controller.news.entity.Topic;
import io.foedus.controller.persistence.TimeOrderedId;
import io.foedus.controller.refusals.Refusal;
import io.foedus.core.exchange.Severity;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * How a FEDn client gets its place: with its alliance's join token and an id of its own choice, each time it starts. It
 * keeps no credential of its own, so whoever holds the join token may come as any of the alliance's FEDn clients, but
 * never as an agent.
 */
@Stateless
public class Enrolment {
    private static final Duration COME_BACK = Duration.ofSeconds(3);

    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    Seats seats;

    @Inject
    Tokens tokens;

    @Inject
    Events events;

    @Inject
    News news;

    /** Where a FEDn client goes. */
    public record Enrolled(UUID clientId, String combiner, String host, int port, boolean tls) {}

    /**
     * How it comes.
     *
     * @param ownProgram whether it runs its own program instead of the alliance's package
     * @param address from where
     */
    public record Arrival(boolean ownProgram, String address) {}

    /**
     * The same id again is the same client, under its new name if it has one and is not attached: whoever calls with
     * the id of a client that works gets its place and changes nothing. A new id may have the name of a FEDn client
     * that is not attached: it is taken for that client's next life.
     *
     * @throws Refusal {@code CLIENT_EXISTS} if the name belongs to an agent or to a client that is attached,
     *     {@code CLIENT_REVOKED}, or {@code NO_COMBINER} with the time to come back
     */
    public Enrolled enrol(Actor actor, JoinRequest request, Arrival arrival) {
        AccessPolicy.require(actor, Action.JOIN_AS_CLIENT);
        UUID alliance = actor.allianceId();
        Client client = find(alliance, "externalId", request.externalId());
        Client namesake = find(alliance, "name", request.name());
        if (client == null && namesake != null) {
            requireGone(namesake);
            client = namesake;
        }
        if (client == null) {
            requireNowhereElse(request.externalId());
        } else if (client.state() == ClientState.REVOKED) {
            throw Refusal.forbidden(
                    "Client '" + client.name() + "' was revoked.", "Join under another name and client id.");
        } else if (namesake != null && namesake != client) {
            throw exists(request.name());
        }
        boolean attached = client != null && client.state() == ClientState.ATTACHED;
        boolean stays = attached && namesake == null;
        String preferred = client != null && (stays || request.preferredCombiner() == null)
                ? client.preferredCombiner()
                : request.preferredCombiner();
        Seat seat = seat(request.name(), preferred); // a combiner's row is locked before those of clients and tokens
        if (stays) {
            events.add(
                    Severity.WARNING,
                    "client.twice",
                    "somebody came as '" + request.name() + "' with the id of client " + client.name()
                            + ", which is attached and stays as it is; two programs with one client id take each other's"
                            + " tasks",
                    About.client(alliance, client.id()));
            return at(client, seat);
        }
        if (client == null) {
            client = new Client(
                    TimeOrderedId.next(clock), alliance, request.name(), request.externalId(), clock.instant());
            entities.persist(client);
            tokens.spend(actor);
            events.add(
                    Severity.INFO,
                    "client.joined",
                    "client " + client.name() + " joined",
                    About.client(alliance, client.id()));
        } else if (namesake == null) {
            client.rename(request.name());
        } else {
            client.returnsAs(request.externalId());
        }
        client.came(arrival.ownProgram(), arrival.address());
        client.introduces(request.program(), request.labels(), request.preferredCombiner());
        news.tell(Topic.CLIENTS, alliance);
        return at(client, seat);
    }

    private static Enrolled at(Client client, Seat seat) {
        return new Enrolled(
                client.id(),
                seat.name(),
                seat.address().host(),
                seat.address().port(),
                seat.address().tls());
    }

    private Seat seat(String client, String preferred) {
        Seat seat = new Placement(preferred, Set.of(), Map.of())
                .among(seats.live())
                .orElseThrow(() -> Refusal.unavailable(
                        "NO_COMBINER",
                        "No combiner can take client '" + client + "' at the moment.",
                        "It comes back by itself; an admin starts combiners.",
                        COME_BACK));
        seats.take(seat.id());
        return seat;
    }

    private static void requireGone(Client namesake) {
        if (namesake.externalId() == null || namesake.state() == ClientState.ATTACHED) {
            throw exists(namesake.name());
        }
    }

    /** A combiner knows a FEDn client by this id alone, whatever its alliance. */
    private void requireNowhereElse(String externalId) {
        Number others = (Number) entities.createQuery("SELECT count(c) FROM Client c WHERE c.externalId = :id")
                .setParameter("id", externalId)
                .getSingleResult();
        if (others.longValue() > 0) {
            throw Refusal.conflict(
                    "CLIENT_EXISTS",
                    "The client id '" + externalId + "' is taken by a client of another alliance.",
                    "Start the client with another client id.");
        }
    }

    private static Refusal exists(String name) {
        return Refusal.conflict(
                "CLIENT_EXISTS",
                "There is a client named '" + name + "' in this alliance already.",
                "If it is this one, start it with its client id; otherwise choose another name.");
    }

    private Client find(UUID alliance, String column, String value) {
        return entities.createQuery(
                        "SELECT c FROM Client c WHERE c.allianceId = :alliance AND c." + column + " = :value",
                        Client.class)
                .setParameter("alliance", alliance)
                .setParameter("value", value)
                .getResultStream()
                .findFirst()
                .orElse(null);
    }
}
