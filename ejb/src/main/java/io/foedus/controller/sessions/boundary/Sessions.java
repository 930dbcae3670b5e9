package io.foedus.controller.sessions.boundary;

import io.foedus.controller.alliances.boundary.Policies;
import io.foedus.controller.audit.boundary.AuditLog;
import io.foedus.controller.events.boundary.Events;
import io.foedus.controller.events.entity.Event.About;
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
import io.foedus.controller.sessions.control.Materials;
import io.foedus.controller.sessions.entity.NewSession;
import io.foedus.controller.sessions.entity.Session;
import io.foedus.controller.sessions.entity.SessionMove;
import io.foedus.controller.sessions.entity.SessionState;
import io.foedus.core.exchange.Severity;
import io.foedus.core.plan.InvalidPlanException;
import io.foedus.core.plan.Plan;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What people do with sessions; the engine that opens their rounds hears of it by news. */
@Stateless
public class Sessions {
    private static final SecureRandom SEEDS = new SecureRandom();

    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    Materials materials;

    @Inject
    Policies policies;

    @Inject
    News news;

    @Inject
    Events events;

    @Inject
    AuditLog audit;

    /**
     * Makes a session and, if wished, starts it.
     *
     * @throws Refusal {@code PLAN_INVALID} with every breach, {@code NO_MODEL}, {@code NO_PACKAGE}, {@code BAD_PACKAGE}
     */
    public SessionView create(Actor actor, UUID alliance, NewSession wish) {
        AccessPolicy.require(actor, Action.OPERATE, alliance, "alliance", alliance);
        Plan plan = read(wish.plan());
        policies.requireClients(alliance, plan.minClients());
        Session.Material material = materials.find(alliance, wish);
        String name = wish.name() == null || wish.name().isBlank()
                ? materials.nextName(alliance)
                : wish.name().strip();
        if (name.length() > 200) {
            throw Refusal.unacceptable(
                    "BAD_SESSION_NAME", "A session's name has at most 200 characters.", "Shorten it.");
        }
        Session session =
                new Session(TimeOrderedId.next(clock), name, material, plan, actor.accountId(), clock.instant());
        entities.persist(session);
        tell(actor, session, "created");
        if (Boolean.TRUE.equals(wish.start())) {
            session.start(clock.instant());
            tell(actor, session, "started");
        }
        return view(session);
    }

    /** As {@link #create}, but the same key of the same actor gives the same session again; a null key never does. */
    public SessionView createOnce(Actor actor, UUID alliance, NewSession wish, String key) {
        if (key == null || key.isBlank()) {
            return create(actor, alliance, wish);
        }
        String whole = actor.label() + " " + key;
        if (!reserve(whole, actor.label(), alliance + "/sessions")) {
            return get(actor, madeUnder(whole));
        }
        SessionView made = create(actor, alliance, wish);
        remember(whole, made.id());
        return made;
    }

    /** Whether the key was free and is taken now. */
    private boolean reserve(String key, String actor, String path) {
        return Sql.of(entities, """
                        INSERT INTO idempotency (key, actor, path, location, created_at)
                        VALUES (:key, :actor, :path, '', :now)
                        ON CONFLICT DO NOTHING
                        """)
                        .with("key", key)
                        .with("actor", actor)
                        .with("path", path)
                        .with("now", clock.instant())
                        .run()
                == 1;
    }

    private UUID madeUnder(String key) {
        return Sql.of(entities, "SELECT location FROM idempotency WHERE key = :key")
                .with("key", key)
                .only(row -> row.id(0));
    }

    private void remember(String key, UUID session) {
        Sql.of(entities, "UPDATE idempotency SET location = :session WHERE key = :key")
                .with("session", session.toString())
                .with("key", key)
                .run();
    }

    /** @throws Refusal {@code SESSION_STATE} wherever {@link SessionMove} does not allow it, as all the moves below */
    public SessionView start(Actor actor, UUID id) {
        return move(actor, id, SessionMove.START, "started", session -> session.start(clock.instant()));
    }

    /**
     * Starts a session that has not begun, or one that has finished or failed, for so many more rounds.
     *
     * @param deadlineSeconds longest time of a round from now on; null leaves it as it is
     * @throws Refusal {@code SESSION_STATE} while it runs or after it was stopped, {@code PLAN_INVALID}
     */
    public SessionView extend(Actor actor, UUID id, int rounds, Double deadlineSeconds) {
        if (rounds < 1) {
            throw invalid(List.of("rounds must be at least 1, not " + rounds));
        }
        return move(actor, id, SessionMove.EXTEND, "started", session -> {
            Plan plan = session.plan();
            double deadline = deadlineSeconds == null ? plan.deadlineSeconds() : deadlineSeconds;
            Map<String, Object> changes = Map.of(
                    "rounds",
                    session.roundsCompleted() + rounds,
                    "deadlineSeconds",
                    deadline,
                    "minWaitSeconds",
                    Math.max(0, Math.min(plan.minWaitSeconds(), deadline)));
            session.extend(rounds, check(() -> plan.with(changes)), clock.instant());
        });
    }

    /** The open round may end; no other is opened until the session is resumed. */
    public SessionView pause(Actor actor, UUID id) {
        return move(actor, id, SessionMove.PAUSE, "paused", Session::pause);
    }

    public SessionView resume(Actor actor, UUID id) {
        return move(actor, id, SessionMove.RESUME, "resumed", session -> session.resume(clock.instant()));
    }

    /** Cancels the open round and ends the session. */
    public SessionView stopNow(Actor actor, UUID id) {
        return move(
                actor,
                id,
                SessionMove.STOP_NOW,
                "stopped",
                session -> session.cancel("stopped by " + actor.name(), clock.instant()));
    }

    /** Lets the open round end and then ends the session. */
    public SessionView stopAfterRound(Actor actor, UUID id) {
        return move(
                actor,
                id,
                SessionMove.STOP_AFTER_ROUND,
                "stopping",
                session -> session.stopAfterRound("stopped by " + actor.name(), clock.instant()));
    }

    public SessionView get(Actor actor, UUID id) {
        return view(readable(actor, id));
    }

    /** Newest first; columns to sort and filter by: name, state, createdBy, roundsCompleted, createdAt. */
    public Page<SessionView> list(Actor actor, UUID alliance, Query query) {
        AccessPolicy.require(actor, Action.READ, alliance, "alliance", alliance);
        return SessionRows.OF_ALLIANCE.page(entities, query, Map.of("alliance", alliance));
    }

    private SessionView view(Session session) {
        entities.flush();
        return SessionRows.ONE.one(entities, Map.of("id", session.id())).orElseThrow();
    }

    private Session readable(Actor actor, UUID id) {
        Session session = entities.find(Session.class, id);
        if (session == null) {
            throw Refusal.unknown("session", id);
        }
        AccessPolicy.require(actor, Action.READ, session.allianceId(), "session", id);
        return session;
    }

    private SessionView move(Actor actor, UUID id, SessionMove move, String what, Consumer<Session> how) {
        Session session = readable(actor, id);
        AccessPolicy.require(actor, Action.OPERATE, session.allianceId(), "session", id);
        entities.refresh(session, LockModeType.PESSIMISTIC_WRITE);
        SessionState state = session.state();
        if (move.madeIn(state)) {
            return view(session);
        }
        if (!move.allowedIn(state)) {
            throw Refusal.conflict(
                            "SESSION_STATE",
                            "Session '" + session.name() + "' " + move.refusal(state) + ".",
                            state.remedy())
                    .with("state", state.name());
        }
        how.accept(session);
        tell(actor, session, what);
        return view(session);
    }

    private void tell(Actor actor, Session session, String what) {
        news.tell(Topic.SESSION, session.id());
        events.add(
                Severity.INFO,
                "session." + what,
                "session " + session.name() + " " + what + " by " + actor.name(),
                About.session(session.allianceId(), session.id()));
        audit.done(actor.label(), "session." + what, session.name(), session.allianceId(), Map.of());
    }

    private static Plan read(Map<String, Object> members) {
        return check(() -> Plan.read(members == null ? Map.of() : members, () -> SEEDS.nextInt(1 << 30)));
    }

    private static <T> T check(Supplier<T> plan) {
        try {
            return plan.get();
        } catch (InvalidPlanException e) {
            throw invalid(e.problems());
        }
    }

    private static Refusal invalid(List<String> problems) {
        return Refusal.unacceptable("PLAN_INVALID", String.join("; ", problems) + ".", "Mend the named parameters.")
                .with("problems", problems);
    }
}
