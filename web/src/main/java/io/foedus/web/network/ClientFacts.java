package io.foedus.web.network;

import io.foedus.controller.clients.boundary.ClientView;
import io.foedus.controller.clients.boundary.Clients;
import io.foedus.controller.events.boundary.EventView;
import io.foedus.controller.events.boundary.Events;
import io.foedus.controller.insight.boundary.ClientInsight;
import io.foedus.controller.insight.boundary.LoadInsight;
import io.foedus.controller.insight.entity.ClientRound;
import io.foedus.controller.insight.entity.MetricName;
import io.foedus.controller.listing.Query;
import io.foedus.controller.telemetry.boundary.Sample;
import io.foedus.web.charts.Chart;
import io.foedus.web.charts.Series;
import io.foedus.web.desk.Desk;
import io.foedus.web.desk.Words;
import io.foedus.web.sessions.Metrics;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** What the client's page shows but its table, read once per request. */
@Named
@RequestScoped
public class ClientFacts {
    private static final int ROUNDS = 100;
    private static final int EVENTS = 20;

    @Inject
    Desk desk;

    @Inject
    ClientPage page;

    @Inject
    Clients clients;

    @Inject
    ClientInsight insight;

    @Inject
    LoadInsight load;

    @Inject
    Clock clock;

    @Inject
    Events events;

    @Inject
    Words words;

    private ClientView client;
    private List<ClientRound> rounds;
    private List<EventView> noted;
    private List<Sample> samples;

    /** Reads all of it, again after a change. */
    @PostConstruct
    public void read() {
        UUID id = page.getId();
        client = clients.get(desk.actor(), id);
        rounds = newestSession(
                insight.rounds(desk.actor(), id, Query.first(ROUNDS)).items());
        noted = events.list(desk.allianceId(), Query.first(EVENTS).where("client", id.toString()))
                .items();
        samples = load.client(desk.actor(), id, Load.BACK);
    }

    /** The rounds of the newest session that it took part in, the oldest first. */
    private static List<ClientRound> newestSession(List<ClientRound> newestFirst) {
        List<ClientRound> rounds = new ArrayList<>(newestFirst);
        rounds.removeIf(round -> !round.sessionId().equals(newestFirst.get(0).sessionId()));
        Collections.reverse(rounds);
        return rounds;
    }

    public ClientView client() {
        return client;
    }

    /** What it last said of itself, with units. */
    public Map<String, String> readings() {
        return Readings.of(client.telemetry(), words);
    }

    /** What was noted about it, the newest first. */
    public List<EventView> events() {
        return noted;
    }

    public String getTimes() {
        return steps(
                "Seconds",
                List.of(
                        Series.of("Download", "wait", of(ClientRound::downloadSeconds)),
                        Series.of("Training", "train", of(ClientRound::runSeconds)),
                        Series.of("Upload", "upload", of(ClientRound::uploadSeconds))));
    }

    /** Names of what it measured, in order of the alphabet. */
    public Set<String> metrics() {
        return Metrics.reported(rounds.stream().map(ClientRound::metrics));
    }

    /** The one that is drawn: the one that the address wishes, if it has been measured. */
    public String getMetric() {
        return Metrics.first(
                metrics().stream().map(name -> new MetricName(name, true)).toList(), page.getMetric());
    }

    /** The rounds of its newest session in which it measured something, the newest first. */
    public List<ClientRound> measured() {
        List<ClientRound> measured = new ArrayList<>(rounds);
        measured.removeIf(round -> round.metrics().isEmpty());
        Collections.reverse(measured);
        return measured;
    }

    public String getValidations() {
        String metric = getMetric();
        String name = metric == null ? "Metric" : metric;
        return steps(
                name,
                List.of(Series.of(
                        name,
                        "train",
                        of(round -> metric != null && round.metrics().get(metric) instanceof Number number
                                ? Double.valueOf(number.doubleValue())
                                : null))));
    }

    public String getCpu() {
        return Load.lines(Map.of("CPU", samples), "cpuFraction", 100, "CPU, %", clock.instant());
    }

    public String getMemory() {
        return Load.lines(Map.of("Memory", samples), "memoryBytes", 1e-6, "Memory, MB", clock.instant());
    }

    private String steps(String y, List<Series> series) {
        return Chart.steps("Round", y, rounds.stream().map(ClientRound::round).toList(), series, false);
    }

    private List<Double> of(Function<ClientRound, Double> value) {
        List<Double> values = new ArrayList<>();
        rounds.forEach(round -> values.add(value.apply(round)));
        return values;
    }
}
