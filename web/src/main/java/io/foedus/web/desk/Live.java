package io.foedus.web.desk;

import io.foedus.controller.news.entity.Changed;
import io.foedus.controller.news.entity.NewsMissed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.faces.push.Push;
import jakarta.faces.push.PushContext;
import jakarta.inject.Inject;
import java.util.Locale;
import java.util.Map;

/**
 * Tells the browsers of this controller what changed anywhere: PostgreSQL notifies each controller, each controller its
 * own sockets. A topic and an id, nothing else, so a browser that hears of an alliance it may not see learns nothing.
 */
@ApplicationScoped
public class Live {
    @Inject
    @Push(channel = "ui")
    PushContext sockets;

    void tell(@ObservesAsync Changed news) {
        sockets.send(Map.of(
                "topic",
                news.topic().name().toLowerCase(Locale.ROOT),
                "id",
                news.id().toString()));
    }

    /** After a pause in listening nobody knows what was missed: every page looks again. */
    void lookAgain(@ObservesAsync NewsMissed missed) {
        sockets.send(Map.of("topic", "all", "id", ""));
    }
}
