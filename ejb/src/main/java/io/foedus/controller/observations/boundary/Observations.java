package io.foedus.controller.observations.boundary;

import io.foedus.controller.identity.entity.AccessPolicy;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.listing.Listing;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import io.foedus.controller.persistence.Sql;
import io.foedus.controller.refusals.Refusal;
import io.foedus.core.exchange.ObservationReport;
import io.foedus.core.round.Metrics;
import io.foedus.core.text.Printable;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** Attributes and per-step metrics of clients. */
@Stateless
public class Observations {
    /** Longest key and longest value, in characters. */
    public static final int LONGEST_KEY = Metrics.LONGEST_NAME;

    public static final int LONGEST_VALUE = 4000;

    private static final Listing<Attribute> ATTRIBUTES = Listing.of(
                    "o.id, c.id, c.external_id, c.name, o.key, o.value, o.at",
                    "client_attribute o JOIN client c ON c.id = o.client_id",
                    "",
                    row -> new Attribute(
                            row.whole(0),
                            new Observed(row.id(1), row.text(2), row.text(3)),
                            row.text(4),
                            row.text(5),
                            row.instant(6)))
            .where("c.alliance_id = :alliance")
            .orderedBy("o.id DESC")
            .exact("client", "c.id")
            .exact("key", "o.key");
    private static final Listing<Metric> METRICS = Listing.of(
                    "o.id, c.id, c.external_id, c.name, o.key, o.value, o.step, o.model_id, o.session_id, o.round_id, o.at",
                    "client_metric o JOIN client c ON c.id = o.client_id",
                    "",
                    row -> new Metric(
                            row.whole(0),
                            new Observed(row.id(1), row.text(2), row.text(3)),
                            row.text(4),
                            row.real(5),
                            row.wholeOrNull(6),
                            new Where(row.id(7), row.id(8), row.id(9)),
                            row.instant(10)))
            .where("c.alliance_id = :alliance")
            .orderedBy("o.id DESC")
            .exact("client", "c.id")
            .exact("key", "o.key")
            .exact("session", "o.session_id");

    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    /** Whom an observation is about; {@code externalId} is the client's id in FEDn's terms, or null. */
    public record Observed(UUID clientId, String externalId, String name) {}

    /** What a metric belongs to; each may be null. */
    public record Where(UUID modelId, UUID sessionId, UUID roundId) {}

    public record Attribute(long id, Observed client, String key, String value, Instant at) {}

    /** @param step the client's own count, or null */
    public record Metric(long id, Observed client, String key, double value, Long step, Where where, Instant at) {}

    /** What a combiner's clients logged. What names no client or key, or is no metric, is passed over. */
    public void report(Actor combiner, ObservationReport report) {
        AccessPolicy.require(combiner, Action.COMBINE);
        report.attributes().forEach(it -> insert(it.clientId(), it.key(), it.value(), it.at()));
        report.metrics().forEach(this::insert);
    }

    /** Sets a client's attribute on an operator's word. */
    public Attribute set(Actor actor, UUID allianceId, UUID clientId, String key, String value) {
        AccessPolicy.require(actor, Action.OPERATE, allianceId, "client", clientId);
        if (key == null || key.isBlank() || key.length() > LONGEST_KEY || value == null) {
            throw Refusal.unacceptable(
                    "BAD_ATTRIBUTE",
                    "An attribute needs a key of 1 to " + LONGEST_KEY + " characters and a value.",
                    "Send key and value as texts.");
        }
        insert(clientId, key, value, clock.instant());
        return attributes(
                        actor,
                        allianceId,
                        Query.first(1).where("client", clientId.toString()).where("key", key))
                .items()
                .stream()
                .findFirst()
                .orElseThrow(() -> Refusal.unknown("client", clientId));
    }

    /** Newest first; columns {@code client} and {@code key}. */
    public Page<Attribute> attributes(Actor actor, UUID allianceId, Query query) {
        AccessPolicy.require(actor, Action.READ, allianceId, "alliance", allianceId);
        return ATTRIBUTES.page(entities, query, Map.of("alliance", allianceId));
    }

    /** Newest first; columns {@code client}, {@code key} and {@code session}. */
    public Page<Metric> metrics(Actor actor, UUID allianceId, Query query) {
        AccessPolicy.require(actor, Action.READ, allianceId, "alliance", allianceId);
        return METRICS.page(entities, query, Map.of("alliance", allianceId));
    }

    private void insert(UUID client, String key, String value, Instant at) {
        if (client == null || key == null || key.isBlank() || value == null) {
            return;
        }
        Sql.of(entities, """
                        INSERT INTO client_attribute (client_id, key, value, at)
                        SELECT id, :key, :value, :at FROM client WHERE id = :client
                        """)
                .with("client", client)
                .with("key", Printable.line(key, LONGEST_KEY))
                .with("value", Printable.tail(value, LONGEST_VALUE))
                .with("at", orNow(at))
                .run();
    }

    private void insert(ObservationReport.Metric metric) {
        if (metric.clientId() == null
                || metric.key() == null
                || Metrics.fault(metric.key(), metric.value()).isPresent()) {
            return;
        }
        Sql.of(entities, """
                        INSERT INTO client_metric (client_id, key, value, step, model_id, session_id, round_id, at)
                        SELECT id, :key, :value, CAST(:step AS bigint), CAST(:model AS uuid), CAST(:session AS uuid),
                          CAST(:round AS uuid), :at
                        FROM client WHERE id = :client
                        """)
                .with("client", metric.clientId())
                .with("key", metric.key())
                .with("value", metric.value())
                .with("step", metric.step())
                .with("model", text(metric.modelId()))
                .with("session", text(metric.sessionId()))
                .with("round", text(metric.roundId()))
                .with("at", orNow(metric.at()))
                .run();
    }

    private Instant orNow(Instant at) {
        return at == null ? clock.instant() : at;
    }

    private static String text(UUID id) {
        return id == null ? null : id.toString();
    }
}
