package io.foedus.controller.fedn.boundary;

import io.foedus.controller.fedn.boundary.RoundRecord.ShareRecord;
import io.foedus.controller.fedn.boundary.RoundRecord.Times;
import io.foedus.controller.identity.entity.AccessPolicy;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.listing.Listing;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import io.foedus.controller.persistence.InstantConverter;
import io.foedus.controller.persistence.Json;
import io.foedus.controller.sessions.entity.PlanConverter;
import io.foedus.core.round.RoundPhase;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.Map;
import java.util.UUID;

/** Rounds and validations over all sessions of an alliance, newest first. */
@Stateless
public class Records {
    private static final Listing<RoundRecord> ROUNDS = Listing.of(
                    "r.id, r.session_id, r.number, r.attempt, r.phase, r.reason, s.plan::text AS plan, r.base_model_id,"
                            + " r.model_id, r.created_at, r.training_at, r.reducing_at, r.validating_at, r.finished_at,"
                            + " (SELECT jsonb_agg(jsonb_build_object('combiner', b.name, 'phase', h.phase, 'expected',"
                            + " h.expected, 'accepted', h.accepted, 'seconds', extract(epoch FROM coalesce(h.reported_at,"
                            + " now()) - h.offered_at), 'timings', h.timings) ORDER BY b.name)::text FROM share h JOIN"
                            + " combiner b ON b.id = h.combiner_id WHERE h.round_id = r.id AND h.kind = 'TRAIN') AS shares",
                    "round r JOIN session s ON s.id = r.session_id WHERE s.alliance_id = ?1",
                    "r.created_at DESC",
                    Records::round)
            .exact("id", "r.id")
            .exact("session", "r.session_id");

    private static final Listing<ValidationRecord> VALIDATIONS = Listing.of(
                    "v.id, v.model_id, v.session_id, v.round_id, c.id AS client, c.external_id, c.name, b.name AS combiner,"
                            + " v.examples, v.metrics::text AS metrics, v.received_at",
                    "validation v JOIN client c ON c.id = v.client_id LEFT JOIN combiner b ON b.id = c.combiner_id"
                            + " WHERE v.alliance_id = ?1",
                    "v.received_at DESC, v.id",
                    Records::validation)
            .exact("id", "v.id")
            .exact("session", "v.session_id")
            .exact("model", "v.model_id");

    @Inject
    EntityManager entities;

    /** Columns to filter by: id, session. */
    public Page<RoundRecord> rounds(Actor actor, UUID alliance, Query query) {
        AccessPolicy.require(actor, Action.READ, alliance, "alliance", alliance);
        return ROUNDS.page(entities, query, alliance);
    }

    /** Columns to filter by: id, session, model. */
    public Page<ValidationRecord> validations(Actor actor, UUID alliance, Query query) {
        AccessPolicy.require(actor, Action.READ, alliance, "alliance", alliance);
        return VALIDATIONS.page(entities, query, alliance);
    }

    private static RoundRecord round(Object[] row) {
        return new RoundRecord(
                (UUID) row[0],
                (UUID) row[1],
                ((Number) row[2]).intValue(),
                ((Number) row[3]).intValue(),
                RoundPhase.valueOf((String) row[4]),
                (String) row[5],
                PlanConverter.read((String) row[6]),
                (UUID) row[7],
                (UUID) row[8],
                new Times(
                        InstantConverter.of(row[9]),
                        InstantConverter.of(row[10]),
                        InstantConverter.of(row[11]),
                        InstantConverter.of(row[12]),
                        InstantConverter.of(row[13])),
                Json.objects((String) row[14]).stream().map(Records::share).toList());
    }

    @SuppressWarnings("unchecked")
    private static ShareRecord share(Map<String, Object> share) {
        return new ShareRecord(
                (String) share.get("combiner"),
                (String) share.get("phase"),
                ((Number) share.get("expected")).longValue(),
                ((Number) share.get("accepted")).longValue(),
                ((Number) share.get("seconds")).doubleValue(),
                (Map<String, Object>) share.get("timings"));
    }

    private static ValidationRecord validation(Object[] row) {
        return new ValidationRecord(
                (UUID) row[0],
                (UUID) row[1],
                (UUID) row[2],
                (UUID) row[3],
                (UUID) row[4],
                (String) row[5],
                (String) row[6],
                (String) row[7],
                ((Number) row[8]).longValue(),
                Json.object((String) row[9]),
                InstantConverter.of(row[10]));
    }
}
