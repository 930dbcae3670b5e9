package io.foedus.controller.events.entity;

import io.foedus.controller.persistence.JsonObjectConverter;
import io.foedus.core.exchange.Severity;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** Something that happened, for people to read. Append-only; its id is its place in time. */
@Entity
@Table(name = "event")
public class Event {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long id;

    private Instant at;

    @Enumerated(EnumType.STRING)
    private Severity severity;

    private String kind;
    private String message;

    @Column(name = "alliance_id")
    private UUID allianceId;

    @Column(name = "session_id")
    private UUID sessionId;

    @Column(name = "round_id")
    private UUID roundId;

    @Column(name = "client_id")
    private UUID clientId;

    @Column(name = "combiner_id")
    private UUID combinerId;

    @Convert(converter = JsonObjectConverter.class)
    private Map<String, Object> data = Map.of();

    protected Event() {}

    /** Whom an event is about; any of them may be null. */
    public record About(UUID allianceId, UUID sessionId, UUID roundId, UUID clientId, UUID combinerId) {
        public static About alliance(UUID alliance) {
            return new About(alliance, null, null, null, null);
        }

        public static About session(UUID alliance, UUID session) {
            return new About(alliance, session, null, null, null);
        }

        public static About round(UUID alliance, UUID session, UUID round) {
            return new About(alliance, session, round, null, null);
        }

        public static About client(UUID alliance, UUID client) {
            return new About(alliance, null, null, client, null);
        }

        public static About combiner(UUID combiner) {
            return new About(null, null, null, null, combiner);
        }
    }

    public Event(Instant at, Severity severity, String kind, String message, About about, Map<String, Object> data) {
        this.at = at;
        this.severity = severity;
        this.kind = kind;
        this.message = message;
        this.allianceId = about.allianceId();
        this.sessionId = about.sessionId();
        this.roundId = about.roundId();
        this.clientId = about.clientId();
        this.combinerId = about.combinerId();
        this.data = Map.copyOf(data);
    }
}
