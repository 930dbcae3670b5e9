package io.foedus.controller.rounds.boundary;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.news.entity.Changed;
import io.foedus.controller.news.entity.NewsMissed;
import io.foedus.controller.rounds.control.Agenda;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Says "look": at once when there is news, and every tick at whatever the rows say is due. Ticks are a duration apart,
 * whatever the time of day is set to; each is armed when the one before has done its work, so they never overlap, and
 * nothing is lost when one is.
 *
 * <p>Combiners are held to their leases only after this controller has itself been up, and ticking by a clock that
 * nobody has set, for a lease: a controller that was away does not blame others for what it did not hear.
 */
@Singleton
@Startup
@DependsOn({"Schema", "NewsListener"})
@TransactionManagement(TransactionManagementType.BEAN)
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
public class RoundClock {
    private static final System.Logger LOG = System.getLogger(RoundClock.class.getName());
    private static final int LOOKERS = 32;

    @Resource
    ManagedThreadFactory threads;

    @Inject
    RoundEngine engine;

    @Inject
    Reducing reducing;

    @Inject
    ControllerConfig config;

    @Inject
    Clock clock;

    private ScheduledExecutorService ticks;
    private ExecutorService lookers;
    private Agenda agenda;
    private Instant steadySince;
    private Instant lastTick;

    @PostConstruct
    void arm() {
        ticks = Executors.newSingleThreadScheduledExecutor(threads);
        lookers = Executors.newFixedThreadPool(LOOKERS, threads);
        begin(new Agenda(lookers));
        armTick();
    }

    /** For a controller without threads: looks only when it is told to. */
    void begin(Agenda itsAgenda) {
        agenda = itsAgenda;
        steadySince = clock.instant();
        lastTick = steadySince;
    }

    private void armTick() {
        ticks.schedule(this::onTick, config.tick().toNanos(), TimeUnit.NANOSECONDS);
    }

    private void onTick() {
        try {
            tick();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "a tick failed; the next one tries again: " + e.getMessage());
            steadySince = clock.instant();
        } finally {
            armTick();
        }
    }

    /** Looks at everything that is due. */
    void tick() {
        Instant now = clock.instant();
        Duration lease = config.combiners().lease();
        Duration gap = Duration.between(lastTick, now);
        if (gap.isNegative() || gap.compareTo(lease.dividedBy(2)) > 0) {
            steadySince = now;
        }
        lastTick = now;
        engine.due().forEach(this::look);
        if (!steadySince.plus(lease).isAfter(now)) {
            engine.silentCombiners().forEach(combiner -> agenda.ask(combiner, () -> engine.lose(combiner)));
        }
    }

    public void heard(@Observes Changed changed) {
        switch (changed.topic()) {
            case SESSION -> look(changed.id());
            case ROUND ->
                agenda.ask(changed.id(), () -> engine.sessionOf(changed.id()).ifPresent(this::look));
            case CLIENTS ->
                agenda.ask(changed.id(), () -> engine.waiting(changed.id()).forEach(this::look));
            case COMBINER, MODELS, VALIDATIONS, UPDATES, EVENTS -> {}
        }
    }

    public void missed(@Observes NewsMissed missed) {
        agenda.ask(NewsMissed.class, () -> engine.due().forEach(this::look));
    }

    private void look(UUID session) {
        agenda.ask(session, () -> reducing.look(session));
    }

    @PreDestroy
    void stop() {
        ticks.shutdownNow();
        lookers.shutdownNow();
    }
}
