package io.foedus.controller.events.boundary;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.events.entity.Event;
import io.foedus.controller.events.entity.Event.About;
import io.foedus.controller.listing.Listing;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import io.foedus.controller.news.boundary.News;
import io.foedus.controller.news.entity.Topic;
import io.foedus.controller.persistence.Row;
import io.foedus.controller.persistence.Sql;
import io.foedus.core.exchange.Severity;
import io.foedus.core.text.Printable;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Appends events in the transaction of what happened, and reads them in pages. */
@Stateless
public class Events {
    private static final int LONGEST_MESSAGE = 4_000;
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_TEXT = 64 << 10;
    private static final int LONGEST_PAGE = 500;
    private static final Listing<EventView> ALL = Listing.of("""
                    e.id, e.at, e.severity, e.kind, e.message, e.session_id, e.round_id, e.client_id, e.combiner_id, e.data
                    """, "event e", "", Events::view)
            .exact("id", "e.id")
            .text("at", "e.at")
            .exact("severity", "e.severity")
            .text("kind", "e.kind")
            .text("message", "e.message")
            .exact("session", "e.session_id")
            .exact("round", "e.round_id")
            .exact("client", "e.client_id")
            .exact("combiner", "e.combiner_id");
    private static final Listing<EventView> OF_ALLIANCE =
            ALL.where("e.alliance_id = :alliance").orderedBy("e.id DESC");
    private static final String LATER = "e.alliance_id = :alliance AND e.id > :after";
    private static final String LATER_OF_SESSION = LATER + " AND e.session_id = :session";
    private static final Listing<EventView> NEXT = ALL.where(LATER).orderedBy("e.id");
    private static final Listing<EventView> NEXT_OF_SESSION =
            ALL.where(LATER_OF_SESSION).orderedBy("e.id");

    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    News news;

    @Inject
    ControllerConfig config;

    /**
     * Appends in the caller's transaction; a message that is too long is cut, and whatever it says becomes printable.
     */
    @TransactionAttribute(TransactionAttributeType.MANDATORY)
    public void add(Severity severity, String kind, String message, About about, Map<String, Object> data) {
        String text = Printable.line(message, LONGEST_MESSAGE);
        entities.persist(new Event(clock.instant(), severity, kind, text, about, printable(data)));
        if (about.allianceId() != null) {
            news.tell(Topic.EVENTS, about.allianceId());
        }
    }

    private static Map<String, Object> printable(Map<String, Object> data) {
        Map<String, Object> printable = new LinkedHashMap<>();
        data.forEach((name, value) ->
                printable.put(Printable.line(name, LONGEST_NAME), Printable.value(value, LONGEST_TEXT)));
        return printable;
    }

    public void add(Severity severity, String kind, String message, About about) {
        add(severity, kind, message, about, Map.of());
    }

    /**
     * What happened after an event, oldest first.
     *
     * @param after id of the last event that is known, 0 for none
     * @param session only events about this session, or null for all
     */
    public List<EventView> after(UUID alliance, long after, UUID session, int limit) {
        int most = Math.max(1, Math.min(LONGEST_PAGE, limit));
        return (session == null ? NEXT : NEXT_OF_SESSION).first(entities, most, later(alliance, after, session));
    }

    /** How many events happened after an event; parameters as of {@link #after}. */
    public long count(UUID alliance, long after, UUID session) {
        return Sql.of(entities, "SELECT count(*) FROM event e WHERE " + (session == null ? LATER : LATER_OF_SESSION))
                .with(later(alliance, after, session))
                .only(row -> row.whole(0));
    }

    private static Map<String, Object> later(UUID alliance, long after, UUID session) {
        return session == null
                ? Map.of("alliance", alliance, "after", after)
                : Map.of("alliance", alliance, "after", after, "session", session);
    }

    /**
     * Newest first; columns to sort and filter by: id, at, severity, kind, message, session, round, client, combiner.
     */
    public Page<EventView> list(UUID alliance, Query query) {
        return OF_ALLIANCE.page(entities, query, Map.of("alliance", alliance));
    }

    /** Deletes what is older than its retention. */
    public int expire() {
        return Sql.of(entities, "DELETE FROM event WHERE at < :horizon")
                .with("horizon", clock.instant().minus(config.retention().events()))
                .run();
    }

    private static EventView view(Row row) {
        return new EventView(
                row.whole(0),
                row.instant(1),
                row.one(Severity.class, 2),
                row.text(3),
                row.text(4),
                row.id(5),
                row.id(6),
                row.id(7),
                row.id(8),
                row.object(9));
    }
}
