package io.foedus.controller.combiners.boundary;

import io.foedus.controller.audit.boundary.AuditLog;
import io.foedus.controller.combiners.entity.Combiner;
import io.foedus.controller.combiners.entity.Combiner.Address;
import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.events.boundary.Events;
import io.foedus.controller.events.entity.Event.About;
import io.foedus.controller.identity.boundary.SigningKeys;
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
import io.foedus.core.exchange.Introduction;
import io.foedus.core.exchange.Membership;
import io.foedus.core.exchange.Severity;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Registers combiners, hears their heartbeats, fences their epochs. */
@Stateless
public class Combiners {
    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    ControllerConfig config;

    @Inject
    News news;

    @Inject
    Events events;

    @Inject
    Tokens tokens;

    @Inject
    SigningKeys keys;

    @Inject
    AuditLog audit;

    /**
     * A combiner that comes with a combiner join token, or with its own token to be registered again under its name.
     *
     * @throws Refusal {@code COMBINER_EXISTS} if the name is another's
     */
    public Membership register(Actor actor, Introduction introduction) {
        Introduction checked = checked(introduction);
        Combiner known = byName(checked.name());
        if (known != null) {
            if (actor.is(Actor.Kind.COMBINER) && known.id().equals(actor.id())) {
                return registerAgain(actor, known.id(), checked);
            }
            throw Refusal.conflict(
                    "COMBINER_EXISTS",
                    "There is a combiner named '" + checked.name() + "' already.",
                    "Choose another name, or register with that combiner's own token.");
        }
        AccessPolicy.require(actor, Action.JOIN_AS_COMBINER);
        tokens.spend(actor);
        Combiner combiner = new Combiner(TimeOrderedId.next(clock), checked.name(), clock.instant());
        introduce(combiner, checked);
        entities.persist(combiner);
        entities.flush();
        String token = tokens.issueToCombiner(combiner.id(), combiner.name());
        news.tell(Topic.COMBINER, combiner.id());
        audit.done(actor.label(), "combiner.registered", combiner.name(), null, Map.of("host", checked.host()));
        return membership(combiner, token);
    }

    /** A combiner that was restarted: its epoch moves on, so that nothing it said before counts any more. */
    public Membership registerAgain(Actor actor, UUID id, Introduction introduction) {
        requireItself(actor, id);
        Introduction checked = checked(introduction);
        Combiner combiner = locked(id);
        introduce(combiner, checked);
        combiner.moveEpoch();
        news.tell(Topic.COMBINER, id);
        events.add(
                Severity.INFO,
                "combiner.registered",
                "combiner " + combiner.name() + " registered again, epoch " + combiner.epoch(),
                About.combiner(id));
        return membership(combiner, null);
    }

    /**
     * Notes a heartbeat, and that a combiner is heard anew if it was silent for longer than it should be.
     *
     * @throws Refusal {@code EPOCH_OUTDATED} if the combiner has to register again
     */
    public void beat(Actor actor, UUID id, long epoch, int attached, Map<String, Object> load) {
        requireItself(actor, id);
        if (!heard(id, epoch, attached, load == null ? Map.of() : load)) {
            throw outdated(id, epoch);
        }
    }

    private boolean heard(UUID id, long epoch, int attached, Map<String, Object> load) {
        Instant now = clock.instant();
        return Sql.of(entities, """
                        UPDATE combiner SET attached = :attached, load = :load, last_seen_at = :now,
                          heard_since = CASE WHEN last_seen_at BETWEEN :earliest AND :latest AND heard_since <= :latest
                                        THEN heard_since ELSE :now END
                        WHERE id = :id AND epoch = :epoch
                        """)
                        .with("attached", attached)
                        .withJson("load", load)
                        .with("now", now)
                        .with("earliest", now.minus(config.combiners().pause()))
                        // another controller's clock may be ahead
                        .with("latest", now.plus(config.combiners().pause()))
                        .with("id", id)
                        .with("epoch", epoch)
                        .run()
                == 1;
    }

    /**
     * Makes sure, until the transaction ends, that this is the combiner's epoch.
     *
     * @throws Refusal {@code EPOCH_OUTDATED} if it is not
     */
    @TransactionAttribute(TransactionAttributeType.MANDATORY)
    public void requireEpoch(Actor actor, UUID id, long epoch) {
        requireItself(actor, id);
        if (!isEpoch(id, epoch)) {
            throw outdated(id, epoch);
        }
    }

    private boolean isEpoch(UUID id, long epoch) {
        return Sql.of(entities, "SELECT 1 FROM combiner WHERE id = :id AND epoch = :epoch FOR SHARE")
                .with("id", id)
                .with("epoch", epoch)
                .any();
    }

    /** Combiners whose lease is over although they still hold clients or work. */
    public List<UUID> silent() {
        return Sql.of(entities, """
                        SELECT c.id FROM combiner c
                        WHERE c.last_seen_at <= :horizon
                          AND (EXISTS (SELECT 1 FROM client k WHERE k.combiner_id = c.id AND k.state = 'ATTACHED')
                            OR EXISTS (SELECT 1 FROM share s WHERE s.combiner_id = c.id
                                         AND s.phase IN ('OFFERED', 'RUNNING')))
                        """).with("horizon", horizon()).list(row -> row.id(0));
    }

    /**
     * Ends the lease of a silent combiner: its epoch moves on.
     *
     * @return its name, or null if it was heard meanwhile
     */
    @TransactionAttribute(TransactionAttributeType.MANDATORY)
    public String expire(UUID id) {
        Combiner combiner = locked(id);
        if (combiner.isAlive(config.combiners().lease(), clock.instant())) {
            return null;
        }
        combiner.moveEpoch();
        news.tell(Topic.COMBINER, id);
        events.add(
                Severity.WARNING,
                "combiner.lost",
                "combiner " + combiner.name() + " was not heard for "
                        + config.combiners().lease().toSeconds() + " s",
                About.combiner(id));
        return combiner.name();
    }

    /** Sends no more clients and no more work to a combiner, or does so again. */
    public CombinerView drain(Actor actor, UUID id, boolean draining) {
        AccessPolicy.require(actor, Action.ADMINISTER);
        Combiner combiner = locked(id);
        combiner.drain(draining);
        news.tell(Topic.COMBINER, id);
        audit.done(actor.label(), draining ? "combiner.drained" : "combiner.resumed", combiner.name(), null, Map.of());
        return view(id);
    }

    public CombinerView get(Actor actor, UUID id) {
        requireReader(actor);
        return view(id);
    }

    /** By name; columns to sort and filter by: name, host, program, draining, attached, capacity, alive, lastSeenAt. */
    public Page<CombinerView> list(Actor actor, Query query) {
        requireReader(actor);
        return CombinerRows.ALL.page(entities, query, Map.of("horizon", horizon()));
    }

    private CombinerView view(UUID id) {
        entities.flush();
        return CombinerRows.ONE
                .one(entities, Map.of("id", id, "horizon", horizon()))
                .orElseThrow(() -> Refusal.unknown("combiner", id));
    }

    /** Whoever was last heard before it is not alive. */
    private Instant horizon() {
        return clock.instant().minus(config.combiners().lease());
    }

    private static void requireReader(Actor actor) {
        if (!actor.is(Actor.Kind.ACCOUNT) && !actor.is(Actor.Kind.SYSTEM) && !actor.is(Actor.Kind.COMBINER)) {
            throw Refusal.unknown("page", "combiners");
        }
    }

    private static void requireItself(Actor actor, UUID id) {
        AccessPolicy.require(actor, Action.COMBINE);
        if (actor.is(Actor.Kind.COMBINER) && !actor.id().equals(id)) {
            throw Refusal.unknown("combiner", id);
        }
    }

    private Combiner byName(String name) {
        return entities.createQuery("SELECT c FROM Combiner c WHERE c.name = :name", Combiner.class)
                .setParameter("name", name)
                .getResultStream()
                .findFirst()
                .orElse(null);
    }

    private Combiner locked(UUID id) {
        Combiner combiner = entities.find(Combiner.class, id, LockModeType.PESSIMISTIC_WRITE);
        if (combiner == null) {
            throw Refusal.unknown("combiner", id);
        }
        entities.refresh(combiner);
        return combiner;
    }

    private static Introduction checked(Introduction introduction) {
        List<String> faults = introduction.faults();
        if (!faults.isEmpty()) {
            throw Refusal.unacceptable(
                    "BAD_COMBINER", String.join("; ", faults) + ".", "Mend the combiner's configuration.");
        }
        return introduction;
    }

    private void introduce(Combiner combiner, Introduction checked) {
        combiner.introduces(
                new Address(checked.host(), checked.port(), checked.tls()),
                checked.capacity(),
                checked.labels(),
                checked.program(),
                clock.instant());
    }

    private Membership membership(Combiner combiner, String token) {
        return new Membership(
                combiner.id(),
                token,
                combiner.epoch(),
                keys.publicKey(),
                Math.toIntExact(config.combiners().heartbeat().toSeconds()));
    }

    private static Refusal outdated(UUID id, long epoch) {
        return Refusal.outdated(
                "EPOCH_OUTDATED",
                "Epoch " + epoch + " of combiner '" + id + "' is over.",
                "Register again and go on under the new epoch.");
    }
}
