package io.foedus.web.sessions;

import io.foedus.controller.insight.boundary.SessionInsight;
import io.foedus.controller.insight.entity.ClientPoint;
import io.foedus.controller.insight.entity.CurvePoint;
import io.foedus.controller.insight.entity.RoundShape;
import io.foedus.controller.insight.entity.SessionTotals;
import io.foedus.controller.insight.entity.Span;
import io.foedus.controller.sessions.boundary.SessionView;
import io.foedus.web.charts.Chart;
import io.foedus.web.charts.Series;
import io.foedus.web.desk.Desk;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The charts of the session page, read once per request. */
@Named
@RequestScoped
public class SessionCharts {
    private static final int BOXES = 60;
    private static final int BARS = 120;
    private static final int LANES = 12;

    @Inject
    Desk desk;

    @Inject
    SessionInsight sessions;

    @Inject
    SessionPage page;

    @Inject
    Clock clock;

    private SessionView head;
    private List<CurvePoint> curve;
    private List<RoundShape> shapes;
    private SessionTotals totals;
    private Map<UUID, List<ClientPoint>> clients;

    @PostConstruct
    void read() {
        head = page.head();
        curve = page.getMetric() == null ? List.of() : sessions.curve(desk.actor(), page.getId(), page.getMetric());
        shapes = sessions.shapes(desk.actor(), page.getId(), Math.max(1, last() - BARS));
        totals = sessions.totals(desk.actor(), page.getId());
    }

    private int last() {
        return head.round() == null ? Math.max(1, head.roundsCompleted()) : head.round();
    }

    public SessionView getHead() {
        return head;
    }

    /** The newest point of the curve, null before the first validation. */
    public CurvePoint getNewest() {
        return curve.isEmpty() ? null : curve.get(curve.size() - 1);
    }

    /** Change of the mean against the round before, null if there is none. */
    public Double getGain() {
        int n = curve.size();
        return n < 2 ? null : curve.get(n - 1).mean() - curve.get(n - 2).mean();
    }

    /** The newest round in which the updates were closed, null if there is none. */
    public RoundShape getLatest() {
        return shapes.stream()
                .filter(shape -> shape.reducing() != null || shape.training() != null)
                .reduce((a, b) -> b)
                .orElse(null);
    }

    /** Counts and means over all of its rounds. */
    public SessionTotals getTotals() {
        return totals;
    }

    public String getMetricByRound() {
        Series mean = new Series(
                page.getMetric() == null ? "metric" : page.getMetric() + " (mean, lowest to highest)",
                "train",
                points(CurvePoint::mean),
                points(CurvePoint::min),
                points(CurvePoint::max));
        Series weighted = Series.of("weighted by examples", "warn", points(CurvePoint::weighted));
        return Chart.steps(
                "Round",
                page.getMetric() == null ? "" : page.getMetric(),
                curve.stream().map(CurvePoint::round).toList(),
                List.of(mean, weighted),
                false);
    }

    private List<Double> points(Function<CurvePoint, Double> value) {
        return curve.stream().map(value).toList();
    }

    /** A line for each client. */
    public String getByClient() {
        List<Chart.Line> lines = new ArrayList<>();
        clients()
                .forEach((client, points) -> lines.add(new Chart.Line(
                        points.get(0).client(),
                        points.stream()
                                .map(p -> new Chart.At(p.round(), p.value()))
                                .toList())));
        return Chart.lines("Round", page.getMetric() == null ? "" : page.getMetric(), lines, false);
    }

    /** Which clients the lines are of. */
    public String getWhichClients() {
        Map<UUID, List<ClientPoint>> shown = clients();
        int all = shown.values().stream()
                .mapToInt(points -> points.get(0).clients())
                .findFirst()
                .orElse(0);
        return all > shown.size()
                ? "The clients with the lowest and the highest values of the newest twenty rounds, " + shown.size()
                        + " of " + all + "."
                : "What each client measured of the round's model.";
    }

    private Map<UUID, List<ClientPoint>> clients() {
        if (clients == null) {
            clients = page.getMetric() == null
                    ? Map.of()
                    : sessions.byClient(desk.actor(), page.getId(), page.getMetric()).stream()
                            .collect(Collectors.groupingBy(
                                    ClientPoint::clientId, LinkedHashMap::new, Collectors.toList()));
        }
        return clients;
    }

    public String getDistribution() {
        return boxes(
                page.getMetric() == null ? "" : page.getMetric(),
                curve.subList(Math.max(0, curve.size() - BOXES), curve.size()));
    }

    /** How long clients trained: the distribution over them. */
    public String getTrainingTimes() {
        return boxes("Seconds", sessions.trainingTimes(desk.actor(), page.getId(), Math.max(1, last() - BOXES + 1)));
    }

    private static String boxes(String y, List<CurvePoint> points) {
        return Chart.boxes(
                "Round",
                y,
                points.stream().map(CurvePoint::round).toList(),
                points.stream()
                        .map(p -> new Chart.Box(
                                p.min(), p.lowerQuartile(), p.median(), p.upperQuartile(), p.max(), p.count()))
                        .toList());
    }

    public String getParticipation() {
        return bars(
                "Clients",
                Series.of("Accepted", "ok", shares(shape -> (double) shape.accepted())),
                Series.of("Late", "busy", shares(shape -> (double) shape.discarded())),
                Series.of("Rejected", "bad", shares(shape -> (double) shape.rejected())),
                Series.of("Lost", "idle", shares(shape -> (double) shape.lost())));
    }

    public String getDurations() {
        return bars(
                "Seconds",
                Series.of("Waiting for combiners", "wait", shares(RoundShape::waiting)),
                Series.of("Training and upload", "train", shares(RoundShape::training)),
                Series.of("Reducing", "reduce", shares(RoundShape::reducing)),
                Series.of("Validating", "validate", shares(RoundShape::validating)));
    }

    public String getClientTimes() {
        return bars(
                "Seconds (mean)",
                Series.of("Download", "wait", shares(RoundShape::clientDownload)),
                Series.of("Training", "train", shares(RoundShape::clientRun)),
                Series.of("Upload", "upload", shares(RoundShape::clientUpload)),
                Series.of("Combining", "fold", shares(RoundShape::fold)));
    }

    private String bars(String y, Series... layers) {
        return Chart.steps("Round", y, shapes.stream().map(RoundShape::round).toList(), List.of(layers), false);
    }

    private List<Double> shares(Function<RoundShape, Double> value) {
        return shapes.stream().map(value).toList();
    }

    public String getLanes() {
        List<Span> spans = sessions.spans(desk.actor(), page.getId(), Math.max(1, last() - LANES + 1));
        Instant start = head.startedAt() == null ? head.createdAt() : head.startedAt();
        Instant now = clock.instant();
        List<Chart.Bar> bars = spans.stream()
                .filter(span -> span.from() != null)
                .map(span -> new Chart.Bar(
                        lane(span),
                        Character.toUpperCase(span.what().charAt(0))
                                + span.what().substring(1),
                        seconds(start, span.from()),
                        seconds(start, end(span, now)),
                        "Round " + span.round()))
                .toList();
        List<String> lanes = Stream.concat(
                        Stream.of("Reducer"),
                        bars.stream()
                                .map(Chart.Bar::lane)
                                .filter(lane -> !lane.equals("Reducer"))
                                .sorted())
                .distinct()
                .toList();
        double from = bars.stream().mapToDouble(Chart.Bar::from).min().orElse(0);
        double until = bars.stream().mapToDouble(Chart.Bar::to).max().orElse(1);
        return Chart.lanes(lanes, from, until, bars);
    }

    private Instant end(Span span, Instant now) {
        return span.until() != null ? span.until() : head.finishedAt() != null ? head.finishedAt() : now;
    }

    private static String lane(Span span) {
        return span.who() == null ? "Reducer" : span.who();
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1000.0;
    }
}
