package io.foedus.controller.observations.boundary;

import io.foedus.controller.identity.entity.AccessPolicy;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.listing.Listing;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import io.foedus.controller.persistence.InstantConverter;
import io.foedus.controller.refusals.Refusal;
import io.foedus.core.exchange.ObservationReport;
import io.foedus.core.round.Metrics;
import io.foedus.core.text.Printable;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;

/** Attributes and per-step metrics of clients. */
@Stateless
public class Observations {
    /** Longest key and longest value, in characters. */
    public static final int LONGEST_KEY = Metrics.LONGEST_NAME;

    public static final int LONGEST_VALUE = 4000;

    private static final Listing<Attribute> ATTRIBUTES = Listing.of(
                    "o.id, c.id, c.external_id, c.name, o.key, o.value, o.at",
                    "client_attribute o JOIN client c ON c.id = o.client_id WHERE c.alliance_id = ?1",
                    "o.id DESC",
                    row -> new Attribute(
                            ((Number) row[0]).longValue(),
                            new Observed((UUID) row[1], (String) row[2], (String) row[3]),
                            (String) row[4],
                            (String) row[5],
                            InstantConverter.of(row[6])))
            .exact("client", "c.id")
            .exact("key", "o.key");
    private static final Listing<Metric> METRICS = Listing.of(
                    "o.id, c.id, c.external_id, c.name, o.key, o.value, o.step, o.model_id, o.session_id, o.round_id, o.at",
                    "client_metric o JOIN client c ON c.id = o.client_id WHERE c.alliance_id = ?1",
                    "o.id DESC",
                    row -> new Metric(
                            ((Number) row[0]).longValue(),
                            new Observed((UUID) row[1], (String) row[2], (String) row[3]),
                            (String) row[4],
                            ((Number) row[5]).doubleValue(),
                            row[6] == null ? null : ((Number) row[6]).longValue(),
                            new Where((UUID) row[7], (UUID) row[8], (UUID) row[9]),
                            InstantConverter.of(row[10])))
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
        return ATTRIBUTES.page(entities, query, allianceId);
    }

    /** Newest first; columns {@code client}, {@code key} and {@code session}. */
    public Page<Metric> metrics(Actor actor, UUID allianceId, Query query) {
        AccessPolicy.require(actor, Action.READ, allianceId, "alliance", allianceId);
        return METRICS.page(entities, query, allianceId);
    }

    private void insert(UUID client, String key, String value, Instant at) {
        if (client == null || key == null || key.isBlank() || value == null) {
            return;
        }
        entities.createNativeQuery("INSERT INTO client_attribute (client_id, key, value, at)"
                        + " SELECT id, ?2, ?3, ?4 FROM client WHERE id = ?1")
                .setParameter(1, client)
                .setParameter(2, Printable.line(key, LONGEST_KEY))
                .setParameter(3, Printable.tail(value, LONGEST_VALUE))
                .setParameter(4, instant(at))
                .executeUpdate();
    }

    private void insert(ObservationReport.Metric metric) {
        if (metric.clientId() == null
                || metric.key() == null
                || Metrics.fault(metric.key(), metric.value()).isPresent()) {
            return;
        }
        entities.createNativeQuery(
                        "INSERT INTO client_metric (client_id, key, value, step, model_id, session_id, round_id, at)"
                                + " SELECT id, ?2, ?3, cast(?4 AS bigint), cast(?5 AS uuid), cast(?6 AS uuid),"
                                + " cast(?7 AS uuid), ?8 FROM client WHERE id = ?1")
                .setParameter(1, metric.clientId())
                .setParameter(2, metric.key())
                .setParameter(3, metric.value())
                .setParameter(4, metric.step())
                .setParameter(5, text(metric.modelId()))
                .setParameter(6, text(metric.sessionId()))
                .setParameter(7, text(metric.roundId()))
                .setParameter(8, instant(metric.at()))
                .executeUpdate();
    }

    private Object instant(Instant at) {
        return (at == null ? clock.instant() : at).atOffset(ZoneOffset.UTC);
    }

    private static String text(UUID id) {
        return id == null ? null : id.toString();
    }
}
