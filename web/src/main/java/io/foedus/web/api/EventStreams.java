package io.foedus.web.api;

import io.foedus.controller.events.boundary.EventView;
import io.foedus.controller.events.boundary.Events;
import io.foedus.controller.listing.Query;
import io.foedus.controller.news.entity.Changed;
import io.foedus.controller.news.entity.Topic;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The open event streams of this controller; news makes each read on from where it is. Thread-safe. */
@ApplicationScoped
public class EventStreams {
    private static final Jsonb JSON = JsonbBuilder.create();
    private static final int AT_ONCE = 500;

    @Inject
    Events events;

    private final Map<UUID, Queue<Stream>> open = new ConcurrentHashMap<>();

    private static final class Stream {
        private final SseEventSink sink;
        private final Sse sse;
        private long last;

        Stream(SseEventSink sink, Sse sse, long last) {
            this.sink = sink;
            this.sse = sse;
            this.last = last;
        }
    }

    void open(UUID alliance, Long after, SseEventSink sink, Sse sse) {
        Stream stream = new Stream(sink, sse, after == null ? newest(alliance) : after);
        open.computeIfAbsent(alliance, id -> new ConcurrentLinkedQueue<>()).add(stream);
        // Sends the headers, so that the caller knows at once that the stream is open.
        sink.send(sse.newEventBuilder().comment("open").build());
        send(alliance, stream);
    }

    void heard(@ObservesAsync Changed changed) {
        if (changed.topic() == Topic.EVENTS) {
            open.getOrDefault(changed.id(), new ConcurrentLinkedQueue<>())
                    .forEach(stream -> send(changed.id(), stream));
        }
    }

    private void send(UUID alliance, Stream stream) {
        synchronized (stream) {
            if (stream.sink.isClosed()) {
                open.getOrDefault(alliance, new ConcurrentLinkedQueue<>()).remove(stream);
                return;
            }
            List<EventView> next = events.after(alliance, stream.last, null, AT_ONCE);
            for (EventView event : next) {
                stream.last = event.id();
                stream.sink.send(stream.sse
                        .newEventBuilder()
                        .id(String.valueOf(event.id()))
                        .name(event.kind())
                        .data(JSON.toJson(event))
                        .build());
            }
        }
    }

    private long newest(UUID alliance) {
        return events.list(alliance, Query.first(1)).items().stream()
                .mapToLong(EventView::id)
                .findFirst()
                .orElse(0);
    }
}
