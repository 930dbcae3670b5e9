package io.foedus.web.overview;

import io.foedus.controller.clients.boundary.ClientCounts;
import io.foedus.controller.clients.boundary.Clients;
import io.foedus.controller.insight.boundary.AllianceInsight;
import io.foedus.controller.insight.boundary.AllianceInsight.Concern;
import io.foedus.controller.insight.boundary.AllianceInsight.Glance;
import io.foedus.controller.insight.boundary.SessionInsight;
import io.foedus.controller.insight.entity.CurvePoint;
import io.foedus.controller.listing.Query;
import io.foedus.controller.sessions.boundary.SessionView;
import io.foedus.controller.sessions.boundary.Sessions;
import io.foedus.web.charts.Chart;
import io.foedus.web.desk.Desk;
import io.foedus.web.sessions.Metrics;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.List;

/** What the overview shows, read once per request. */
@Named
@RequestScoped
public class OverviewPage {
    private static final int SHOWN = 8;
    private static final int DRAWN = 4;

    @Inject
    Desk desk;

    @Inject
    AllianceInsight alliances;

    @Inject
    Sessions sessions;

    @Inject
    SessionInsight insight;

    @Inject
    Clients clients;

    private Glance glance;
    private ClientCounts counts;
    private List<Concern> concerns = List.of();
    private List<SessionView> heads = List.of();
    private String metric;
    private List<CurvePoint> newest = List.of();

    @PostConstruct
    void read() {
        if (desk.getAlliance() == null) {
            return;
        }
        glance = alliances.glance(desk.actor(), desk.allianceId());
        counts = clients.counts(desk.actor(), desk.allianceId());
        concerns = alliances.concerns(desk.actor(), desk.allianceId());
        heads = sessions.list(desk.actor(), desk.allianceId(), Query.first(SHOWN))
                .items();
        metric = Metrics.first(alliances.metrics(desk.actor(), desk.allianceId()), null);
        if (metric != null && !heads.isEmpty()) {
            newest = insight.curve(desk.actor(), heads.get(0).id(), metric);
        }
    }

    public Glance getGlance() {
        return glance;
    }

    public ClientCounts getCounts() {
        return counts;
    }

    public List<Concern> getConcerns() {
        return concerns;
    }

    /** The newest sessions, open ones first. */
    public List<SessionView> getSessions() {
        List<SessionView> sorted = new ArrayList<>(heads);
        sorted.sort((a, b) -> Boolean.compare(b.open(), a.open()));
        return sorted;
    }

    public String getMetric() {
        return metric;
    }

    /** The newest value of the newest session, null before the first validation. */
    public CurvePoint getValue() {
        return newest.isEmpty() ? null : newest.get(newest.size() - 1);
    }

    /** Whether something is missing before a first session can run. */
    public boolean isBeginning() {
        return glance != null && !glance.anySession();
    }

    public String getCurves() {
        List<Chart.Line> lines = new ArrayList<>();
        if (metric != null) {
            heads.stream().limit(DRAWN).forEach(head -> {
                int before = insight.roundsBefore(desk.actor(), head.id());
                List<Chart.At> points = insight.curve(desk.actor(), head.id(), metric).stream()
                        .map(point -> new Chart.At(before + point.round(), point.mean()))
                        .toList();
                if (!points.isEmpty()) {
                    lines.add(new Chart.Line(head.name(), points));
                }
            });
        }
        return Chart.lines("Rounds since the seed model", metric == null ? "" : metric, lines, false);
    }
}
