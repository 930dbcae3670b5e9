package io.foedus.controller.insight.boundary;

import io.foedus.controller.identity.entity.AccessPolicy;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.insight.control.Sight;
import io.foedus.controller.persistence.Sql;
import io.foedus.controller.telemetry.boundary.Sample;
import io.foedus.controller.telemetry.boundary.Telemetry;
import io.foedus.controller.telemetry.entity.Source;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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
        return series(Source.CONTROLLER, """
                SELECT DISTINCT source_id, source_id AS called FROM telemetry
                WHERE source = 'CONTROLLER' AND at >= :since ORDER BY 1 LIMIT 12
                """, back);
    }

    /** Samples by combiner name, for everybody with an account. */
    public Map<String, List<Sample>> combiners(Actor actor, Duration back) {
        AccessPolicy.require(actor, Action.OWN);
        return series(Source.COMBINER, """
                SELECT DISTINCT t.source_id, coalesce(c.name, t.source_id) AS called
                FROM telemetry t LEFT JOIN combiner c ON CAST(c.id AS text) = t.source_id
                WHERE t.source = 'COMBINER' AND t.at >= :since ORDER BY 1 LIMIT 12
                """, back);
    }

    /** Samples of one client. */
    public List<Sample> client(Actor actor, UUID client, Duration back) {
        sight.ofClient(actor, client);
        return telemetry.series(
                Source.CLIENT, client.toString(), clock.instant().minus(back), POINTS);
    }

    private Map<String, List<Sample>> series(Source source, String idsAndNames, Duration back) {
        Instant since = clock.instant().minus(back);
        Map<String, List<Sample>> all = new LinkedHashMap<>();
        Sql.of(entities, idsAndNames)
                .with("since", since)
                .list(row -> all.put(row.text(1), telemetry.series(source, row.text(0), since, POINTS)));
        return all;
    }
}
