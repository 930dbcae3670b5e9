package io.foedus.controller.rounds.control;

import io.foedus.controller.config.ControllerConfig;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Since when this controller has been up without a break: its process running, its database answering, its clock not
 * set by anybody. Whoever was away has not heard what others said meanwhile, and blames nobody for it. Thread-safe.
 */
@ApplicationScoped
public class Steadiness {
    @Inject
    Clock clock;

    @Inject
    ControllerConfig config;

    private Instant since;
    private Instant last;

    @PostConstruct
    public synchronized void begin() {
        since = clock.instant();
        last = since;
    }

    /** A tick has done its work. */
    public synchronized void ticked() {
        Instant now = clock.instant();
        notice(now);
        last = now;
    }

    /** A tick could not do its work, as when the database is away. */
    public synchronized void stumbled() {
        begin();
    }

    /** When the present time without a break began; now, if this very moment ends a break. */
    public synchronized Instant since() {
        Instant now = clock.instant();
        notice(now);
        return since;
    }

    /** Whether that was a lease ago, so that everybody had the time to be heard. */
    public boolean forALease() {
        return !since().plus(config.combiners().lease()).isAfter(clock.instant());
    }

    private void notice(Instant now) {
        Duration gap = Duration.between(last, now);
        if (gap.isNegative() || gap.compareTo(config.combiners().lease().dividedBy(2)) > 0) {
            since = now;
            last = now;
        }
    }
}
