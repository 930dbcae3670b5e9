package io.foedus.controller.clients.boundary;

import io.foedus.controller.alliances.entity.Alliance;
import io.foedus.controller.audit.boundary.AuditLog;
import io.foedus.controller.clients.control.Placement;
import io.foedus.controller.clients.control.Seat;
import io.foedus.controller.clients.control.Seats;
import io.foedus.controller.clients.entity.Client;
import io.foedus.controller.clients.entity.ClientState;
import io.foedus.controller.events.boundary.Events;
import io.foedus.controller.events.entity.Event.About;
import io.foedus.controller.identity.boundary.Tickets;
import io.foedus.controller.identity.boundary.Tokens;
import io.foedus.controller.identity.entity.AccessPolicy;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import io.foedus.controller.news.boundary.News;
import io.foedus.controller.news.entity.Topic;
import io.foedus.controller.persistence.Sql;
import io.foedus.controller.persistence.TimeOrderedId;
import io.foedus.controller.refusals.Refusal;
import io.foedus.core.exchange.KnownAlliance;
import io.foedus.core.exchange.KnownClient;
import io.foedus.core.exchange.Severity;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** Lets clients join, gives them a place, shows them, revokes them. */
@Stateless
public class Clients {
    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Duration COME_BACK = Duration.ofSeconds(5);

    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    Seats seats;

    @Inject
    News news;

    @Inject
    Events events;

    @Inject
    Tokens tokens;

    @Inject
    Tickets tickets;

    @Inject
    AuditLog audit;

    /**
     * A new client with its credential and, if there is one for it, its place.
     *
     * @throws Refusal {@code CLIENT_EXISTS} for a name that is taken, {@code NO_COMBINER} if nobody could take it; it
     *     has not joined then
     */
    public Place join(Actor actor, JoinRequest request) {
        AccessPolicy.require(actor, Action.JOIN_AS_CLIENT);
        Alliance alliance = entities.find(Alliance.class, actor.allianceId());
        if (byName(alliance.id(), request.name()) != null) {
            throw exists(request.name());
        }
        Client client = new Client(
                TimeOrderedId.next(clock), alliance.id(), request.name(), request.externalId(), clock.instant());
        client.introduces(request.program(), request.labels(), request.preferredCombiner());
        Seat seat = seat(client.name(), new Placement(client.preferredCombiner(), Set.of(), client.labels()));
        entities.persist(client);
        entities.flush();
        tokens.spend(actor);
        String token = tokens.issueToAgent(client.id(), alliance.id(), client.name(), request.ownToken());
        events.add(
                Severity.INFO,
                "client.joined",
                "client " + client.name() + " joined",
                About.client(alliance.id(), client.id()));
        news.tell(Topic.CLIENTS, alliance.id());
        return place(alliance, client, token, seat);
    }

    /**
     * Where a client that has joined before goes now.
     *
     * @throws Refusal {@code CLIENT_REVOKED}, or {@code NO_COMBINER} with the time to come back
     */
    public Place place(Actor actor, UUID id, PlacementRequest request) {
        Client client = entities.find(Client.class, id);
        if (client == null || actor.is(Actor.Kind.AGENT) && !actor.id().equals(id)) {
            throw Refusal.unknown("client", id);
        }
        AccessPolicy.require(actor, Action.ATTEND, client.allianceId(), "client", id);
        // a combiner's row is locked before those of clients
        Map<String, Object> labels = request.labels() == null ? client.labels() : request.labels();
        Seat seat = seat(client.name(), new Placement(client.preferredCombiner(), request.exclude(), labels));
        entities.refresh(client, LockModeType.PESSIMISTIC_WRITE);
        if (client.state() == ClientState.REVOKED) {
            throw Refusal.forbidden("Client '" + client.name() + "' was revoked.", "Join again under another name.");
        }
        client.introduces(request.program(), request.labels(), null);
        return place(entities.find(Alliance.class, client.allianceId()), client, null, seat);
    }

    /** Ends a client's membership: its credentials stop to count, its combiner lets go of it. */
    public void revoke(Actor actor, UUID id) {
        Client client = entities.find(Client.class, id, LockModeType.PESSIMISTIC_WRITE);
        if (client == null) {
            throw Refusal.unknown("client", id);
        }
        entities.refresh(client);
        AccessPolicy.require(actor, Action.OPERATE, client.allianceId(), "client", id);
        UUID combiner = client.combinerId();
        client.revoke("revoked by " + actor.name());
        tokens.revokeAgent(id);
        events.add(
                Severity.WARNING,
                "client.revoked",
                "client " + client.name() + " was revoked",
                About.client(client.allianceId(), id));
        news.tell(Topic.CLIENTS, client.allianceId());
        if (combiner != null) {
            news.tell(Topic.COMBINER, combiner);
        }
        audit.done(actor.label(), "client.revoked", client.name(), client.allianceId(), Map.of());
    }

    public ClientView get(Actor actor, UUID id) {
        ClientView client =
                ClientRows.ONE.one(entities, Map.of("id", id)).orElseThrow(() -> Refusal.unknown("client", id));
        AccessPolicy.require(actor, Action.READ, client.allianceId(), "client", id);
        return client;
    }

    /** The alliance's client with this id, ours or the one that it has in FEDn's terms. */
    public Optional<ClientView> called(Actor actor, UUID alliance, String id) {
        AccessPolicy.require(actor, Action.READ, alliance, "client", id);
        Map<String, Object> parameters = new HashMap<>(Map.of("alliance", alliance, "externalId", id));
        parameters.put("id", UUID_TEXT.matcher(id).matches() ? id : null);
        return ClientRows.CALLED.one(entities, parameters);
    }

    /**
     * By name; columns to sort and filter by: name, state, busy, reason, program, labels, combiner, combinerId,
     * createdAt, lastSeenAt.
     */
    public Page<ClientView> list(Actor actor, UUID alliance, Query query) {
        AccessPolicy.require(actor, Action.READ, alliance, "alliance", alliance);
        return ClientRows.OF_ALLIANCE.page(entities, query, Map.of("alliance", alliance));
    }

    public ClientCounts counts(Actor actor, UUID alliance) {
        AccessPolicy.require(actor, Action.READ, alliance, "alliance", alliance);
        return ClientRows.counts(entities, alliance);
    }

    /** The client that calls itself so in FEDn's terms, for the combiner it comes to; null if there is none. */
    public KnownClient byExternalId(Actor actor, String externalId) {
        AccessPolicy.require(actor, Action.COMBINE);
        return entities.createQuery(
                        "SELECT c FROM Client c WHERE c.externalId = :external AND c.state <> :revoked", Client.class)
                .setParameter("external", externalId)
                .setParameter("revoked", ClientState.REVOKED)
                .getResultStream()
                .findFirst()
                .map(client -> new KnownClient(
                        client.id(),
                        entities.find(Alliance.class, client.allianceId()).name(),
                        client.name()))
                .orElse(null);
    }

    /**
     * The alliance of a join token, for the combiner that a FEDn client shows it to.
     *
     * @throws Refusal {@code UNKNOWN} for anything that is no join token that counts
     */
    public KnownAlliance byJoinToken(Actor actor, String joinToken) {
        AccessPolicy.require(actor, Action.COMBINE);
        Actor shown;
        try {
            shown = tokens.authenticate(joinToken);
        } catch (Refusal doesNotCount) {
            throw unknownToken();
        }
        if (!AccessPolicy.permits(shown, Action.JOIN_AS_CLIENT, shown.allianceId())) {
            throw unknownToken();
        }
        return new KnownAlliance(
                entities.find(Alliance.class, shown.allianceId()).name());
    }

    private static Refusal unknownToken() {
        return Refusal.unknown("join token", "that was shown");
    }

    private Seat seat(String client, Placement placement) {
        Seat seat = placement
                .among(seats.live())
                .orElseThrow(() -> Refusal.unavailable(
                        "NO_COMBINER",
                        "No combiner can take client '" + client + "' at the moment.",
                        "Come back after the time in Retry-After; an admin starts combiners.",
                        COME_BACK));
        seats.take(seat.id());
        return seat;
    }

    private Place place(Alliance alliance, Client client, String token, Seat seat) {
        Tickets.Issued ticket = tickets.issue(client.id(), alliance.name(), client.name());
        return new Place(
                client.id(),
                token,
                alliance.name(),
                ticket.text(),
                ticket.expiresAt(),
                new Place.At(
                        seat.id(),
                        seat.name(),
                        seat.address().host(),
                        seat.address().port(),
                        seat.address().tls()),
                activePackage(alliance.id()));
    }

    private Place.PackageRef activePackage(UUID alliance) {
        return Sql.of(entities, """
                        SELECT id, digest, size, file_name FROM compute_package WHERE alliance_id = :alliance AND active
                        """)
                .with("alliance", alliance)
                .first(row -> new Place.PackageRef(row.id(0), row.text(1), row.whole(2), row.text(3)))
                .orElse(null);
    }

    private Client byName(UUID alliance, String name) {
        return entities.createQuery(
                        "SELECT c FROM Client c WHERE c.allianceId = :alliance AND c.name = :name", Client.class)
                .setParameter("alliance", alliance)
                .setParameter("name", name)
                .getResultStream()
                .findFirst()
                .orElse(null);
    }

    private static Refusal exists(String name) {
        return Refusal.conflict(
                "CLIENT_EXISTS",
                "There is a client named '" + name + "' in this alliance already.",
                "If it is this one, use its state directory and token; otherwise choose another name.");
    }
}
