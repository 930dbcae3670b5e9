package io.foedus.combiner.collection.control;

import io.foedus.combiner.agents.control.AgentRegistry;
import io.foedus.combiner.agents.control.Attendance;
import io.foedus.combiner.configuration.CombinerConfig;
import io.foedus.combiner.models.control.ModelCache;
import io.foedus.combiner.spool.control.Spool;
import io.foedus.combiner.spool.control.Uploads;
import io.foedus.combiner.uplink.control.Notices;
import io.foedus.combiner.uplink.control.Uplink;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What every collection works with.
 *
 * @param workers for what takes long
 * @param closings how many shares may be folded and sent at once
 * @param clock never goes back
 * @param started when this run of the combiner began
 */
public record CombinerContext(
        CombinerConfig config,
        AgentRegistry registry,
        Attendance attendance,
        Uplink uplink,
        Notices notices,
        ModelCache models,
        Spool spool,
        Uploads uploads,
        Ledger ledger,
        CarriedWork carry,
        ScheduledExecutorService timer,
        Executor workers,
        Turns closings,
        Clock clock,
        Instant started) {
    Instant now() {
        return clock.instant();
    }

    /** Runs something on an executor after a while. */
    void later(Duration delay, Executor executor, Runnable step) {
        timer.schedule(() -> executor.execute(step), delay.toMillis(), TimeUnit.MILLISECONDS);
    }
}
