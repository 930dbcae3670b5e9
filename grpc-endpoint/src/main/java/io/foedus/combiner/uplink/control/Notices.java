package io.foedus.combiner.uplink.control;

import io.foedus.combiner.uplink.entity.CombinerEvent;
import io.foedus.combiner.uplink.entity.Observations;
import io.foedus.combiner.uplink.entity.UpdateNotice;
import io.foedus.combiner.uplink.entity.ValidationNotice;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** What the controller should hear for people to see; nothing of it decides anything. */
public final class Notices {
    private final Outbox<UUID, UpdateNotice> updates;
    private final Outbox<UUID, ValidationNotice> validations;
    private final Outbox<String, CombinerEvent> events;
    private final Outbox<String, Observations> observations;
    private final Map<String, Boolean> said = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > 1_000;
        }
    };

    public Notices(Uplink uplink, ScheduledExecutorService timer, Executor executor) {
        Controller controller = uplink.controller();
        updates = new Outbox<>(
                (round, batch) -> uplink.call(me -> {
                    controller.updates(me, round, batch);
                    return batch;
                }),
                timer,
                executor);
        validations = new Outbox<>(
                (round, batch) -> uplink.call(me -> {
                    controller.validations(me, round, batch);
                    return batch;
                }),
                timer,
                executor);
        events = new Outbox<>(
                (key, batch) -> uplink.call(me -> {
                    controller.events(me, batch);
                    return batch;
                }),
                timer,
                executor);
        observations = new Outbox<>(
                (key, batch) -> uplink.call(me -> {
                    controller.observations(me, Observations.together(batch));
                    return batch;
                }),
                timer,
                executor);
    }

    public void update(UUID round, UpdateNotice notice) {
        updates.add(round, notice);
    }

    /** Outbox of measured metrics: a share that validates is reported when it is drained. */
    public Outbox<UUID, ValidationNotice> validations() {
        return validations;
    }

    public void observed(Observations observed) {
        observations.add("", observed);
    }

    public void event(String severity, String kind, String message, @Nullable UUID client, @Nullable UUID round) {
        events.add("", new CombinerEvent(severity, kind, message, client, round, Map.of()));
    }

    /** Adds an event unless one of that key has been added lately. */
    public void once(String key, CombinerEvent event) {
        synchronized (said) {
            if (said.put(key, Boolean.TRUE) != null) {
                return;
            }
        }
        event(event);
    }

    public void event(CombinerEvent event) {
        events.add("", event);
    }
}
