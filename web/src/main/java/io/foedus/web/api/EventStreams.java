package io.foedus.web.api;

import io.foedus.controller.events.boundary.EventView;
import io.foedus.controller.events.boundary.Events;
import io.foedus.controller.listing.Query;
import io.foedus.controller.news.entity.Changed;
import io.foedus.controller.news.entity.Topic;
import io.foedus.controller.refusals.Refusal;
import io.foedus.web.bodies.Bounds;
import io.foedus.web.bodies.Places;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * The open event streams of this controller; news makes each read on from where it is. There is a bounded number of
 * them, nothing is queued for them, and one that nobody listens to any more, or that is an hour old, is ended.
 * Thread-safe.
 */
@ApplicationScoped
public class EventStreams {
    private static final System.Logger LOG = System.getLogger(EventStreams.class.getName());
    private static final Jsonb JSON = JsonbBuilder.create();
    private static final int AT_ONCE = 500;
    private static final int MOST = 256;
    private static final int MOST_OF_CALLER = 16;
    private static final Duration BETWEEN_SIGNS = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofHours(1);

    @Inject
    Events events;

    @Inject
    Bounds bounds;

    @Resource
    ManagedScheduledExecutorService timer;

    private final Places places = new Places(MOST, 0, MOST_OF_CALLER);
    private final Map<UUID, Queue<Stream>> open = new ConcurrentHashMap<>();

    private static final class Stream {
        private final SseEventSink sink;
        private final Sse sse;
        private final Runnable leave;
        private final long began = System.nanoTime();
        private long last;

        Stream(SseEventSink sink, Sse sse, long last, Runnable leave) {
            this.sink = sink;
            this.sse = sse;
            this.last = last;
            this.leave = leave;
        }

        boolean isOver() {
            return sink.isClosed() || System.nanoTime() - began > LONGEST.toNanos();
        }
    }

    @PostConstruct
    void watch() {
        timer.scheduleWithFixedDelay(
                this::giveSigns, BETWEEN_SIGNS.toSeconds(), BETWEEN_SIGNS.toSeconds(), TimeUnit.SECONDS);
    }

    /**
     * Opens a stream.
     *
     * @param caller who of all callers listens
     * @throws Refusal {@code TOO_MANY_STREAMS}
     */
    void open(String caller, UUID alliance, Long after, SseEventSink sink, Sse sse) {
        Runnable leave = places.take(true, caller).orElseThrow(() -> tooMany(caller));
        Queue<Stream> streams = open.computeIfAbsent(alliance, id -> new ConcurrentLinkedQueue<>());
        Stream stream = null;
        try {
            stream = new Stream(sink, sse, after == null ? newest(alliance) : after, leave);
            streams.add(stream);
            // Sends the headers, so that the caller knows at once that the stream is open.
            tell(alliance, stream, sse.newEventBuilder().comment("open").build());
            send(alliance, stream);
        } catch (RuntimeException e) {
            streams.remove(stream);
            leave.run();
            throw e;
        }
    }

    private Refusal tooMany(String caller) {
        bounds.hit("streams", "no place for another event stream of " + caller + ", answered 503");
        return Refusal.unavailable(
                "TOO_MANY_STREAMS",
                "There are " + MOST + " event streams, or " + MOST_OF_CALLER + " of yours, already.",
                "Close one, or ask for the events now and then.",
                BETWEEN_SIGNS);
    }

    void heard(@ObservesAsync Changed changed) {
        if (changed.topic() == Topic.EVENTS) {
            open.getOrDefault(changed.id(), new ConcurrentLinkedQueue<>())
                    .forEach(stream -> send(changed.id(), stream));
        }
    }

    /** What is sent to nobody tells that nobody is there. */
    private void giveSigns() {
        try {
            open.forEach((alliance, streams) -> streams.forEach(stream -> {
                synchronized (stream) {
                    tell(
                            alliance,
                            stream,
                            stream.sse.newEventBuilder().comment("").build());
                }
            }));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "the event streams were not looked at", e);
        }
    }

    private void send(UUID alliance, Stream stream) {
        synchronized (stream) {
            if (stream.isOver()) {
                end(alliance, stream);
                return;
            }
            List<EventView> next = events.after(alliance, stream.last, null, AT_ONCE);
            for (EventView event : next) {
                stream.last = event.id();
                tell(
                        alliance,
                        stream,
                        stream.sse
                                .newEventBuilder()
                                .id(String.valueOf(event.id()))
                                .name(event.kind())
                                .data(JSON.toJson(event))
                                .build());
            }
        }
    }

    private void tell(UUID alliance, Stream stream, OutboundSseEvent event) {
        if (stream.isOver()) {
            end(alliance, stream);
            return;
        }
        stream.sink.send(event).whenComplete((sent, thrown) -> {
            if (thrown != null) {
                end(alliance, stream);
            }
        });
    }

    private void end(UUID alliance, Stream stream) {
        open.getOrDefault(alliance, new ConcurrentLinkedQueue<>()).remove(stream);
        stream.leave.run();
        stream.sink.close();
    }

    private long newest(UUID alliance) {
        return events.list(alliance, Query.first(1)).items().stream()
                .mapToLong(EventView::id)
                .findFirst()
                .orElse(0);
    }
}
