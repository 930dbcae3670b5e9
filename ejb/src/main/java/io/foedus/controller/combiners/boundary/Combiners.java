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
import io.foedus.controller.persistence.Json;
import io.foedus.controller.persistence.JsonObjectConverter;
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
import java.time.ZoneOffset;
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
        Instant now = clock.instant();
        int changed = entities.createNativeQuery("""
                        UPDATE combiner SET attached = ?2, load = ?3, last_seen_at = ?1,
                          heard_since = CASE WHEN last_seen_at BETWEEN ?6 AND ?7 AND heard_since <= ?7
                                        THEN heard_since ELSE ?1 END
                        WHERE id = ?4 AND epoch = ?5
                        """)
                .setParameter(1, now.atOffset(ZoneOffset.UTC))
                .setParameter(2, attached)
                .setParameter(3, JsonObjectConverter.jsonb(Json.write(load == null ? Map.of() : load)))
                .setParameter(4, id)
                .setParameter(5, epoch)
                .setParameter(6, now.minus(config.combiners().pause()).atOffset(ZoneOffset.UTC))
                // another controller's clock may be ahead
                .setParameter(7, now.plus(config.combiners().pause()).atOffset(ZoneOffset.UTC))
                .executeUpdate();
        if (changed == 0) {
            throw outdated(id, epoch);
        }
    }

    /**
     * Makes sure, until the transaction ends, that this is the combiner's epoch.
     *
     * @throws Refusal {@code EPOCH_OUTDATED} if it is not
     */
    @TransactionAttribute(TransactionAttributeType.MANDATORY)
    public void requireEpoch(Actor actor, UUID id, long epoch) {
        requireItself(actor, id);
        boolean current = !entities.createNativeQuery(
                        "SELECT 1, epoch FROM combiner WHERE id = ?1 AND epoch = ?2 FOR SHARE")
                .setParameter(1, id)
                .setParameter(2, epoch)
                .getResultList()
                .isEmpty();
        if (!current) {
            throw outdated(id, epoch);
        }
    }

    /** Combiners whose lease is over although they still hold clients or work. */
    @SuppressWarnings("unchecked")
    public List<UUID> silent() {
        return entities.createNativeQuery("SELECT c.id FROM combiner c WHERE c.last_seen_at <= ?1 AND (EXISTS (SELECT 1"
                        + " FROM client k WHERE k.combiner_id = c.id AND k.state = 'ATTACHED') OR EXISTS (SELECT 1 FROM"
                        + " share s WHERE s.combiner_id = c.id AND s.phase IN ('OFFERED', 'RUNNING')))")
                .setParameter(
                        1, clock.instant().minus(config.combiners().lease()).atOffset(ZoneOffset.UTC))
                .getResultList();
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
        return CombinerList.view(combiner, isAlive(combiner));
    }

    public CombinerView get(Actor actor, UUID id) {
        requireReader(actor);
        Combiner combiner = entities.find(Combiner.class, id);
        if (combiner == null) {
            throw Refusal.unknown("combiner", id);
        }
        return CombinerList.view(combiner, isAlive(combiner));
    }

    /** By name; columns to sort and filter by: name, host, program, draining, attached, capacity, alive, lastSeenAt. */
    public Page<CombinerView> list(Actor actor, Query query) {
        requireReader(actor);
        Instant horizon = clock.instant().minus(config.combiners().lease());
        return CombinerList.ALL.page(entities, query, horizon.atOffset(ZoneOffset.UTC));
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

    private boolean isAlive(Combiner combiner) {
        return combiner.isAlive(config.combiners().lease(), clock.instant());
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
