package io.foedus.combiner.uplink.control;

import io.foedus.combiner.liveness.Allowance;
import io.foedus.core.exchange.CombinerEvent;
import io.foedus.core.exchange.Fate;
import io.foedus.core.exchange.ObservationReport;
import io.foedus.core.exchange.Severity;
import io.foedus.core.exchange.UpdateNotice;
import io.foedus.core.exchange.ValidationNotice;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the controller should hear for people to see; nothing of it decides anything. What a client can cause at will is
 * counted: beyond {@link #MOST_A_MINUTE} it is left out, which is said once a minute.
 */
public final class Notices {
    /** Events, observations and results in vain of one client, each. */
    public static final int MOST_A_MINUTE = 300;

    private static final long SOME = 200;

    private final Outbox<UUID, UpdateNotice> updates;
    private final Outbox<UUID, ValidationNotice> validations;
    private final Outbox<String, CombinerEvent> events;
    private final Outbox<String, ObservationReport> observations;
    private final Map<String, Boolean> toldOnce = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > 1_000;
        }
    };
    private final Allowance said;
    private final Allowance observed;
    private final Allowance vain;
    private final Allowance sparing;
    private final AtomicLong leftOut = new AtomicLong();

    public Notices(Uplink uplink, ScheduledExecutorService timer, Executor executor, Clock clock) {
        Controller controller = uplink.controller();
        Duration minute = Duration.ofMinutes(1);
        Duration period = minute.dividedBy(MOST_A_MINUTE);
        said = new Allowance(MOST_A_MINUTE, period, clock);
        observed = new Allowance(MOST_A_MINUTE, period, clock);
        vain = new Allowance(MOST_A_MINUTE, period, clock);
        sparing = new Allowance(1, minute, clock);
        Consumer<String> lost = sentence -> event(Severity.WARNING, "NOTICES_LOST", sentence, null, null);
        updates = new Outbox<>(
                "notices of updates",
                (round, batch) -> uplink.call(me -> {
                    controller.updates(me, round, batch);
                    return batch;
                }),
                notice -> SOME
                        + length(notice.message())
                        + length(notice.logTail())
                        + 50L * notice.metrics().size(),
                notice -> notice.fate() + " of client " + notice.clientId(),
                lost,
                timer,
                executor);
        validations = new Outbox<>(
                "validations",
                (round, batch) -> uplink.call(me -> {
                    controller.validations(me, round, batch);
                    return batch;
                }),
                notice -> SOME + length(notice.metrics().toString()),
                notice -> "of client " + notice.clientId(),
                lost,
                timer,
                executor);
        events = new Outbox<>(
                "events",
                (key, batch) -> uplink.call(me -> {
                    controller.events(me, batch);
                    return batch;
                }),
                event -> SOME + event.message().length() + length(event.data().toString()),
                event -> event.kind() + " of client " + event.clientId(),
                sentence -> {}, // it would be one more of them; the log has it
                timer,
                executor);
        observations = new Outbox<>(
                "observations of clients",
                (key, batch) -> uplink.call(me -> {
                    controller.observations(me, ObservationReport.together(batch));
                    return batch;
                }),
                seen -> SOME
                        + 200L * seen.metrics().size()
                        + seen.attributes().stream()
                                .mapToLong(one -> SOME + one.value().length())
                                .sum(),
                seen -> "of client "
                        + Stream.concat(
                                        seen.metrics().stream().map(ObservationReport.Metric::clientId),
                                        seen.attributes().stream().map(ObservationReport.Attribute::clientId))
                                .findFirst()
                                .orElse(null),
                lost,
                timer,
                executor);
    }

    private static long length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    /** Outbox of the fates of updates: a share is reported when it has been drained. */
    public Outbox<UUID, UpdateNotice> updates() {
        return updates;
    }

    public void update(UUID round, UpdateNotice notice) {
        boolean inVain = notice.fate() == Fate.LATE || notice.fate() == Fate.DUPLICATE;
        if (!inVain || may(vain, notice.clientId(), "results that do not count")) {
            updates.add(round, notice);
        }
    }

    /** Outbox of measured metrics: a share that validates is reported when it has been drained. */
    public Outbox<UUID, ValidationNotice> validations() {
        return validations;
    }

    /** What one client logged. */
    public void observed(UUID client, ObservationReport observations) {
        if (may(observed, client, "observations")) {
            this.observations.add("", observations);
        }
    }

    public void event(Severity severity, String kind, String message, @Nullable UUID client, @Nullable UUID round) {
        event(new CombinerEvent(severity, kind, message, client, round, Map.of()));
    }

    /** Some of a client's metrics cannot be kept. */
    public void leftOut(String sentence, UUID client) {
        event(Severity.WARNING, "METRICS_LEFT_OUT", sentence, client, null);
    }

    /** Adds an event unless one of that key has been added lately. */
    public void once(String key, CombinerEvent event) {
        synchronized (toldOnce) {
            if (toldOnce.put(key, Boolean.TRUE) != null) {
                return;
            }
        }
        event(event);
    }

    /** Adds a warning unless one of that kind has been added of that client in the last minute. */
    public void sparingly(String kind, String message, UUID client) {
        if (sparing.take(List.of(client, kind))) {
            event(Severity.WARNING, kind, message, client, null);
        }
    }

    public void event(CombinerEvent event) {
        if (event.clientId() == null || may(said, event.clientId(), "events")) {
            events.add("", event);
        }
    }

    private boolean may(Allowance allowance, UUID client, String what) {
        if (allowance.take(client)) {
            return true;
        }
        leftOut.incrementAndGet();
        if (sparing.take(List.of(client, what))) {
            String sentence = "more than " + MOST_A_MINUTE + " " + what + " in a minute; the others are left out";
            events.add("", new CombinerEvent(Severity.WARNING, "CLIENT_TOO_LOUD", sentence, client, null, Map.of()));
        }
        return false;
    }

    /** How much waits and was never told, by name, for the heartbeat. */
    public Map<String, Object> load() {
        List<Outbox<?, ?>> all = List.of(updates, validations, events, observations);
        return Map.of(
                "noticesWaiting",
                all.stream().mapToInt(Outbox::size).sum(),
                "noticesForgotten",
                leftOut.get() + all.stream().mapToLong(Outbox::forgotten).sum());
    }
}
