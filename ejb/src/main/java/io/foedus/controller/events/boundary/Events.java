package io.foedus.controller.events.boundary;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.events.entity.Event;
import io.foedus.controller.events.entity.Event.About;
import io.foedus.controller.listing.Listing;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import io.foedus.controller.news.boundary.News;
import io.foedus.controller.news.entity.Topic;
import io.foedus.controller.persistence.InstantConverter;
import io.foedus.controller.persistence.Json;
import io.foedus.controller.persistence.JsonObjectConverter;
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
    private static final String COLUMNS =
            "e.id, e.at, e.severity, e.kind, e.message, e.session_id, e.round_id, e.client_id, e.combiner_id, e.data";

    private static final Listing<EventView> OF_ALLIANCE = Listing.of(
                    COLUMNS, "event e WHERE e.alliance_id = ?1", "e.id DESC", Events::view)
            .exact("id", "e.id")
            .text("at", "e.at")
            .exact("severity", "e.severity")
            .text("kind", "e.kind")
            .text("message", "e.message")
            .exact("session", "e.session_id")
            .exact("round", "e.round_id")
            .exact("client", "e.client_id")
            .exact("combiner", "e.combiner_id");

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
    @SuppressWarnings("unchecked")
    public List<EventView> after(UUID alliance, long after, UUID session, int limit) {
        String order = " ORDER BY e.id LIMIT " + Math.max(1, Math.min(LONGEST_PAGE, limit));
        return ((List<Object[]>)
                        select(COLUMNS, order, alliance, after, session).getResultList())
                .stream().map(Events::view).toList();
    }

    /** How many events happened after an event; parameters as of {@link #after}. */
    public long count(UUID alliance, long after, UUID session) {
        return ((Number) select("count(*)", "", alliance, after, session).getSingleResult()).longValue();
    }

    private jakarta.persistence.Query select(String what, String order, UUID alliance, long after, UUID session) {
        var sql = entities.createNativeQuery("SELECT " + what + " FROM event e WHERE e.alliance_id = ?1 AND e.id > ?2"
                        + (session == null ? "" : " AND e.session_id = ?3") + order)
                .setParameter(1, alliance)
                .setParameter(2, after);
        return session == null ? sql : sql.setParameter(3, session);
    }

    /**
     * Newest first; columns to sort and filter by: id, at, severity, kind, message, session, round, client, combiner.
     */
    public Page<EventView> list(UUID alliance, Query query) {
        return OF_ALLIANCE.page(entities, query, alliance);
    }

    /** Deletes what is older than its retention. */
    public int expire() {
        return entities.createNativeQuery("DELETE FROM event WHERE at < ?1")
                .setParameter(
                        1, clock.instant().minus(config.retention().events()).atOffset(java.time.ZoneOffset.UTC))
                .executeUpdate();
    }

    private static EventView view(Object[] row) {
        return new EventView(
                ((Number) row[0]).longValue(),
                InstantConverter.of(row[1]),
                Severity.valueOf((String) row[2]),
                (String) row[3],
                (String) row[4],
                (UUID) row[5],
                (UUID) row[6],
                (UUID) row[7],
                (UUID) row[8],
                Json.object(JsonObjectConverter.text(row[9])));
    }
}
