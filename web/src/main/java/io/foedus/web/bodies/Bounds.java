package io.foedus.web.bodies;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/**
 * Tells the operator that a bound was hit: the metric {@code foedus_bounds_hit_total} counts each time, and one line in
 * ten seconds for each bound stands in the log.
 */
@ApplicationScoped
public class Bounds {
    private static final System.Logger LOG = System.getLogger(Bounds.class.getName());
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

    @Inject
    MetricRegistry metrics;

    @Inject
    Clock clock;

    private final Map<String, Quiet> quiet = new HashMap<>();

    private record Quiet(Instant until, long untold) {}

    /**
     * A bound was hit.
     *
     * @param what its name, one of few
     * @param happened a sentence
     */
    public void hit(String what, String happened) {
        count(what);
        long more;
        synchronized (quiet) {
            Quiet before = quiet.getOrDefault(what, new Quiet(Instant.MIN, 0));
            Instant now = clock.instant();
            if (now.isBefore(before.until())) {
                quiet.put(what, new Quiet(before.until(), before.untold() + 1));
                return;
            }
            quiet.put(what, new Quiet(now.plus(BETWEEN_LINES), 0));
            more = before.untold();
        }
        LOG.log(System.Logger.Level.WARNING, "{0} ({1} more like it before)", happened, more);
    }

    /** The same for what cannot happen often; each time has its line. */
    void hitSeldom(String what, String happened) {
        count(what);
        LOG.log(System.Logger.Level.WARNING, "{0}", happened);
    }

    private void count(String what) {
        metrics.counter("foedus_bounds_hit_total", new Tag("what", what)).inc();
    }
}
