package io.foedus.web.desk;

import io.foedus.controller.insight.boundary.Audience;
import io.foedus.controller.news.entity.Changed;
import io.foedus.controller.news.entity.NewsMissed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.faces.event.WebsocketEvent;
import jakarta.faces.event.WebsocketEvent.Closed;
import jakarta.faces.event.WebsocketEvent.Opened;
import jakarta.faces.push.Push;
import jakarta.faces.push.PushContext;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells the browsers of this controller what changed anywhere: PostgreSQL notifies each controller, each controller its
 * own sockets. A topic, an id, the alliance and the session go to the accounts that may see that alliance, and to
 * nobody else.
 */
@ApplicationScoped
public class Live {
    @Inject
    @Push(channel = "ui")
    PushContext sockets;

    @Inject
    Audience audience;

    /** Open sockets by account. */
    private final Map<UUID, Integer> listening = new ConcurrentHashMap<>();

    void opened(@Observes @Opened WebsocketEvent socket) {
        if (socket.getUser() instanceof UUID account) {
            listening.merge(account, 1, Integer::sum);
        }
    }

    void closed(@Observes @Closed WebsocketEvent socket) {
        if (socket.getUser() instanceof UUID account) {
            listening.computeIfPresent(account, (id, open) -> open > 1 ? open - 1 : null);
        }
    }

    void tell(@ObservesAsync Changed news) {
        Audience.Hearing hearing = audience.of(news, Set.copyOf(listening.keySet()));
        send(
                Map.of(
                        "topic",
                        news.topic().name().toLowerCase(Locale.ROOT),
                        "id",
                        news.id().toString(),
                        "alliance",
                        hearing.alliance() == null ? "" : hearing.alliance().toString(),
                        "session",
                        hearing.session() == null ? "" : hearing.session().toString()),
                hearing.accounts());
    }

    /** After a pause in listening nobody knows what was missed: every page looks again. */
    void lookAgain(@ObservesAsync NewsMissed missed) {
        send(Map.of("topic", "all", "id", "", "alliance", "", "session", ""), Set.copyOf(listening.keySet()));
    }

    private void send(Map<String, String> message, Collection<UUID> accounts) {
        if (!accounts.isEmpty()) {
            sockets.send(message, accounts);
        }
    }
}
