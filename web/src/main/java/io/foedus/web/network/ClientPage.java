package io.foedus.web.network;

import io.foedus.controller.clients.boundary.ClientView;
import io.foedus.controller.clients.boundary.Clients;
import io.foedus.controller.events.boundary.EventView;
import io.foedus.controller.events.boundary.Events;
import io.foedus.controller.insight.boundary.ClientInsight;
import io.foedus.controller.insight.boundary.LoadInsight;
import io.foedus.controller.insight.entity.ClientRound;
import io.foedus.controller.listing.Query;
import io.foedus.web.charts.Chart;
import io.foedus.web.charts.Series;
import io.foedus.web.desk.Desk;
import io.foedus.web.desk.Words;
import io.foedus.web.sessions.Metrics;
import io.foedus.web.tables.Table;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** One client: what it is, how it does, what became of its updates. */
@Named
@ViewScoped
public class ClientPage implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int ROUNDS = 100;
    private static final int EVENTS = 20;
    private static final Duration BACK = Duration.ofHours(1);

    @Inject
    transient Desk desk;

    @Inject
    transient Clients clients;

    @Inject
    transient ClientInsight insight;

    @Inject
    transient LoadInsight load;

    @Inject
    transient Events events;

    @Inject
    transient Words words;

    private UUID id;
    private transient Table<ClientRound> table;

    public void open() {
        desk.open(() -> {
            desk.lay(insight.alliance(desk.actor(), id));
            table = Table.here(query -> insight.rounds(desk.actor(), id, query), ClientRound::roundId, "fate");
        });
    }

    public ClientView client() {
        return clients.get(desk.actor(), id);
    }

    /** What it last said of itself, with units. */
    public Map<String, String> readings() {
        return Readings.of(client().telemetry(), words);
    }

    /** What was noted about it, the newest first. */
    public List<EventView> events() {
        return events.list(desk.allianceId(), Query.first(EVENTS).where("client", id.toString()))
                .items();
    }

    /** The rounds of the newest session it took part in, the oldest first. */
    private List<ClientRound> rounds() {
        List<ClientRound> rounds = new ArrayList<>(
                insight.rounds(desk.actor(), id, Query.first(ROUNDS)).items());
        UUID newest = rounds.isEmpty() ? null : rounds.get(0).sessionId();
        rounds.removeIf(round -> !round.sessionId().equals(newest));
        Collections.reverse(rounds);
        return rounds;
    }

    public String getTimes() {
        List<ClientRound> rounds = rounds();
        return Chart.steps(
                "Round",
                "Seconds",
                labels(rounds),
                List.of(
                        Series.of("Download", "wait", of(rounds, ClientRound::downloadSeconds)),
                        Series.of("Training", "train", of(rounds, ClientRound::runSeconds)),
                        Series.of("Upload", "upload", of(rounds, ClientRound::uploadSeconds))),
                false);
    }

    public String getValidations() {
        List<ClientRound> rounds = rounds();
        String metric = Metrics.first(
                rounds.stream()
                        .flatMap(round -> round.metrics().keySet().stream())
                        .distinct()
                        .sorted()
                        .toList(),
                null);
        return Chart.steps(
                "Round",
                metric == null ? "" : metric,
                labels(rounds),
                List.of(Series.of(
                        metric == null ? "metric" : metric,
                        "train",
                        of(
                                rounds,
                                round -> round.metrics().get(metric) instanceof Number number
                                        ? (Double) number.doubleValue()
                                        : null))),
                false);
    }

    public String getCpu() {
        return Load.lines(Map.of("CPU", load.client(desk.actor(), id, BACK)), "cpuFraction", 100, "CPU, %");
    }

    public String getMemory() {
        return Load.lines(Map.of("Memory", load.client(desk.actor(), id, BACK)), "memoryBytes", 1e-6, "Memory, MB");
    }

    private static List<String> labels(List<ClientRound> rounds) {
        return rounds.stream().map(round -> String.valueOf(round.round())).toList();
    }

    private static List<Double> of(List<ClientRound> rounds, Function<ClientRound, Double> value) {
        List<Double> values = new ArrayList<>();
        rounds.forEach(round -> values.add(value.apply(round)));
        return values;
    }

    public void revoke() {
        desk.perform("Revoked: its credentials do not count any more.", () -> clients.revoke(desk.actor(), id));
    }

    public Table<ClientRound> getTable() {
        return table;
    }

    public UUID getId() {
        return id;
    }

    public void setId(UUID id) {
        this.id = id;
    }
}
