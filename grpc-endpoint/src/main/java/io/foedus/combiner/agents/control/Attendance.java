package io.foedus.combiner.agents.control;

import io.foedus.combiner.agents.entity.Agent;
import io.foedus.combiner.agents.entity.AgentListener;
import io.foedus.combiner.uplink.control.Uplink;
import io.foedus.core.exchange.AttachmentReport;
import io.foedus.core.exchange.AttachmentReport.Attached;
import io.foedus.core.exchange.AttachmentReport.Detached;
import io.foedus.core.liveness.Backoff;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells the controller who is attached, in batches: changes wait a moment for company, and only the last state of a
 * client is sent. If a report fails, or after a registration, the whole list is sent.
 */
public final class Attendance implements AgentListener {
    private static final Logger LOG = System.getLogger(Attendance.class.getName());
    private static final long COMPANY_MILLIS = 20;

    private final AgentRegistry registry;
    private final Uplink uplink;
    private final ScheduledExecutorService timer;
    private final Executor executor;
    private final Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(20), new Random());
    private final Map<UUID, String> gone = new LinkedHashMap<>();
    private final Map<UUID, Agent> come = new LinkedHashMap<>();
    private final Map<UUID, Boolean> working = new LinkedHashMap<>();
    private final Map<UUID, Map<String, Object>> telemetry = new HashMap<>();
    private boolean everything = true;
    private long due = Long.MAX_VALUE;
    private boolean sending;

    public Attendance(AgentRegistry registry, Uplink uplink, ScheduledExecutorService timer, Executor executor) {
        this.registry = registry;
        this.uplink = uplink;
        this.timer = timer;
        this.executor = executor;
        registry.listen(this);
    }

    @Override
    public synchronized void attached(Agent agent) {
        gone.remove(agent.client());
        come.put(agent.client(), agent);
        schedule(COMPANY_MILLIS);
    }

    @Override
    public synchronized void detached(Agent agent, String reason) {
        come.remove(agent.client());
        working.remove(agent.client());
        gone.put(agent.client(), reason);
        schedule(COMPANY_MILLIS);
    }

    /** Notes whether a client has a task. */
    public synchronized void working(UUID client, boolean busy) {
        working.put(client, busy);
        schedule(COMPANY_MILLIS);
    }

    /** Notes what a client measured of itself; travels with the next report, or within a few seconds. */
    public synchronized void telemetry(UUID client, Map<String, Object> values) {
        telemetry.put(client, values);
        schedule(2_000);
    }

    /** The controller may know nothing: tell it everything. */
    public synchronized void tellEverything() {
        everything = true;
        schedule(0);
    }

    private void schedule(long millis) {
        long at = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        if (due == Long.MAX_VALUE || at < due) {
            due = at;
            timer.schedule(() -> executor.execute(this::report), millis, TimeUnit.MILLISECONDS);
        }
    }

    private void report() {
        AttachmentReport report = take();
        if (report == null) {
            return;
        }
        try {
            uplink.call(me -> {
                uplink.controller().attachments(me, report.under(me.epoch()));
                return report;
            });
            reported();
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "Cannot report attachments: {0}", e.toString());
            failed();
        }
    }

    private synchronized @Nullable AttachmentReport take() {
        due = Long.MAX_VALUE;
        if (sending || uplink.membership().isEmpty() || nothing()) {
            return null; // the end of the call, or the registration, will look again
        }
        sending = true;
        List<Attached> attached = new ArrayList<>();
        (everything ? registry.all() : come.values()).forEach(agent -> attached.add(describe(agent)));
        List<Detached> detached = new ArrayList<>();
        gone.forEach((client, reason) -> detached.add(new Detached(client, reason)));
        List<UUID> busy = new ArrayList<>();
        List<UUID> idle = new ArrayList<>();
        working.forEach((client, works) -> (works ? busy : idle).add(client));
        AttachmentReport report =
                new AttachmentReport(0, everything, attached, detached, busy, idle, new HashMap<>(telemetry));
        come.clear();
        gone.clear();
        working.clear();
        telemetry.clear();
        everything = false;
        return report;
    }

    private boolean nothing() {
        return !everything && come.isEmpty() && gone.isEmpty() && working.isEmpty() && telemetry.isEmpty();
    }

    private synchronized void reported() {
        sending = false;
        backoff.recovered();
        if (!nothing()) {
            schedule(COMPANY_MILLIS);
        }
    }

    private synchronized void failed() {
        sending = false;
        everything = true;
        schedule(backoff.next().toMillis());
    }

    private static Attached describe(Agent agent) {
        return new Attached(agent.client(), agent.labels(), agent.program(), agent.packageDigest());
    }
}
