package io.foedus.controller.rounds.boundary;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.news.entity.Changed;
import io.foedus.controller.news.entity.NewsMissed;
import io.foedus.controller.rounds.control.Agenda;
import io.foedus.controller.rounds.control.AlarmWatch;
import io.foedus.controller.rounds.control.Steadiness;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.Timeout;
import jakarta.ejb.Timer;
import jakarta.ejb.TimerConfig;
import jakarta.ejb.TimerService;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Says "look": at once when there is news, and every tick at whatever the rows say is due. An EJB timer drives the
 * ticks; each is armed when the one before has done its work, so they never overlap, and nothing is lost when one is. A
 * timer waits for a time of day; a watch that measures durations sees one that is late, as after the clock was set
 * back, and arms a new one.
 *
 * <p>Combiners are held to their leases only after this controller has itself been steady for a lease: a controller
 * that was away does not blame others for what it did not hear.
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
    TimerService timers;

    @Resource
    ManagedScheduledExecutorService watches;

    @Resource
    ManagedThreadFactory threads;

    @Inject
    RoundEngine engine;

    @Inject
    Reducing reducing;

    @Inject
    ControllerConfig config;

    @Inject
    Steadiness steadiness;

    private AlarmWatch watch;
    private ScheduledFuture<?> watching;
    private ExecutorService lookers;
    private Agenda agenda;

    @PostConstruct
    void start() {
        watch = new AlarmWatch(config.tick(), System::nanoTime);
        lookers = Executors.newFixedThreadPool(LOOKERS, threads);
        begin(new Agenda(lookers));
        long tick = config.tick().toNanos();
        watching = watches.scheduleWithFixedDelay(this::watch, tick, tick, TimeUnit.NANOSECONDS);
        arm();
    }

    /** For a controller without threads: looks only when it is told to. */
    void begin(Agenda itsAgenda) {
        agenda = itsAgenda;
        steadiness.begin();
    }

    /** For a test that turns the hands. */
    void begin(Agenda itsAgenda, AlarmWatch itsWatch) {
        begin(itsAgenda);
        watch = itsWatch;
        arm();
    }

    private void arm() {
        timers.createSingleActionTimer(config.tick().toMillis(), new TimerConfig(watch.armed(), false));
    }

    @Timeout
    void onTimer(Timer timer) {
        if (!watch.rings((Long) timer.getInfo())) {
            return;
        }
        try {
            tick();
        } catch (Throwable e) { // whatever it was, the next tick is to come
            LOG.log(System.Logger.Level.WARNING, "a tick failed; the next one tries again: " + e);
            steadiness.stumbled();
        } finally {
            watch.done();
            arm();
        }
    }

    /** Arms a new timer if the last one is late. */
    void watch() {
        try {
            if (watch.isLate()) {
                LOG.log(System.Logger.Level.INFO, "the timer of the rounds is late; a new one is armed");
                arm();
            }
        } catch (Throwable e) { // as while the container stops; an Error would end the watch for good
            LOG.log(System.Logger.Level.WARNING, "no new timer could be armed: {0}", e.toString());
        }
    }

    /** Looks at everything that is due. */
    void tick() {
        engine.due().forEach(this::look);
        steadiness.ticked();
        if (steadiness.forALease()) {
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
        watching.cancel(false);
        lookers.shutdownNow();
    }
}
