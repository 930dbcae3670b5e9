package io.foedus.controller.insight.boundary;

import io.foedus.controller.identity.entity.AccessPolicy;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.insight.control.Rows;
import io.foedus.controller.insight.control.Sight;
import io.foedus.controller.telemetry.boundary.Sample;
import io.foedus.controller.telemetry.boundary.Telemetry;
import io.foedus.controller.telemetry.entity.Source;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** How busy controllers, combiners and clients are over time, at most 240 points each. */
@Stateless
public class LoadInsight {
    private static final int POINTS = 240;

    @Inject
    EntityManager entities;

    @Inject
    Telemetry telemetry;

    @Inject
    Clock clock;

    @Inject
    Sight sight;

    /** Samples by controller node, for everybody with an account. */
    public Map<String, List<Sample>> controllers(Actor actor, Duration back) {
        AccessPolicy.require(actor, Action.OWN);
        return series(Source.CONTROLLER, "source_id", back);
    }

    /** Samples by combiner name, for everybody with an account. */
    public Map<String, List<Sample>> combiners(Actor actor, Duration back) {
        AccessPolicy.require(actor, Action.OWN);
        return series(Source.COMBINER, "(SELECT name FROM combiner WHERE CAST(id AS text) = source_id)", back);
    }

    /** Samples of one client. */
    public List<Sample> client(Actor actor, UUID client, Duration back) {
        sight.ofClient(actor, client);
        return telemetry.series(
                Source.CLIENT, client.toString(), clock.instant().minus(back), POINTS);
    }

    private Map<String, List<Sample>> series(Source source, String name, Duration back) {
        Map<String, List<Sample>> all = new LinkedHashMap<>();
        Rows.of(
                        entities,
                        "SELECT DISTINCT source_id, " + name + " AS called FROM telemetry WHERE source = ?1"
                                + " AND at >= ?2 ORDER BY 1 LIMIT 12",
                        row -> new String[] {row.text(0), row.text(1) == null ? row.text(0) : row.text(1)},
                        source.name(),
                        clock.instant().minus(back).atOffset(java.time.ZoneOffset.UTC))
                .forEach(pair -> all.put(
                        pair[1],
                        telemetry.series(source, pair[0], clock.instant().minus(back), POINTS)));
        return all;
    }
}
