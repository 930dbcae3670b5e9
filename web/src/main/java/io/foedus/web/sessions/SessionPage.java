package io.foedus.web.sessions;

import io.foedus.controller.events.boundary.EventView;
import io.foedus.controller.events.boundary.Events;
import io.foedus.controller.insight.boundary.SessionInsight;
import io.foedus.controller.listing.Query;
import io.foedus.controller.rounds.boundary.RoundView;
import io.foedus.controller.rounds.boundary.Rounds;
import io.foedus.controller.sessions.boundary.SessionView;
import io.foedus.controller.sessions.boundary.Sessions;
import io.foedus.controller.validation.boundary.MetricSummary;
import io.foedus.web.desk.Desk;
import io.foedus.web.tables.Csv;
import io.foedus.web.tables.Table;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.primefaces.event.ToggleEvent;
import org.primefaces.model.Visibility;

/** One session: its head, its table of rounds and which of them are open. Its charts are {@link SessionCharts}. */
@Named
@ViewScoped
public class SessionPage implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int EVENTS = 30;

    @Inject
    transient Desk desk;

    @Inject
    transient Sessions sessions;

    @Inject
    transient SessionInsight insight;

    @Inject
    transient Rounds rounds;

    @Inject
    transient Events events;

    @Inject
    transient Clock clock;

    private UUID id;
    private String metric;
    private Table<RoundView> table;
    private final Set<UUID> expanded = new HashSet<>();

    /** Reads the address; what cannot be seen becomes the error page. */
    public void open() {
        desk.open(() -> {
            desk.lay(head().allianceId());
            metric = Metrics.first(insight.metrics(desk.actor(), id), metric);
            table = Table.here(
                    query -> rounds.list(desk.actor(), id, getMetric() == null ? "" : getMetric(), query),
                    RoundView::id,
                    "phase");
        });
    }

    public SessionView head() {
        return sessions.get(desk.actor(), id);
    }

    /** The plan in words. */
    public Map<String, String> plan() {
        return PlanWords.of(head().plan());
    }

    /** What its models tell of a client at most, in words; null if its plan promises nothing. */
    public String privacy() {
        SessionView view = head();
        return view.privacy() == null ? null : PrivacyWords.budget(view.privacy(), view.roundsPlanned());
    }

    /** What happened in it, the newest first. */
    public List<EventView> events() {
        return events.list(desk.allianceId(), Query.first(EVENTS).where("session", id.toString()))
                .items();
    }

    public List<String> metrics() {
        return Metrics.names(insight.metrics(desk.actor(), id));
    }

    /** The metric on the page; the first validation brings one if there was none. */
    public String getMetric() {
        // Faces asks for it while it reads the address, before it has set the id.
        if (metric == null && id != null) {
            metric = Metrics.first(insight.metrics(desk.actor(), id), null);
        }
        return metric;
    }

    public void setMetric(String metric) {
        this.metric = metric;
    }

    public UUID getId() {
        return id;
    }

    public void setId(UUID id) {
        this.id = id;
    }

    public Table<RoundView> getTable() {
        return table;
    }

    public void toggle(ToggleEvent event) {
        UUID round = ((RoundView) event.getData()).id();
        if (event.getVisibility() == Visibility.VISIBLE) {
            expanded.add(round);
        } else {
            expanded.remove(round);
        }
    }

    public boolean expanded(RoundView round) {
        return expanded.contains(round.id());
    }

    private double seconds(RoundView round) {
        Instant until = round.finishedAt() == null ? clock.instant() : round.finishedAt();
        return Duration.between(round.startedAt(), until).toMillis() / 1000.0;
    }

    public void export() {
        new Csv<RoundView>()
                .column("round", RoundView::number)
                .column("attempt", RoundView::attempt)
                .column("phase", RoundView::phase)
                .column("accepted", round -> round.tally().accepted())
                .column("rejected", round -> round.tally().rejected())
                .column("late", round -> round.tally().discarded())
                .column("lost", round -> round.tally().lost())
                .column("examples", RoundView::examples)
                .column("bytes", RoundView::bytes)
                .column(metric + " mean", Metrics.value(round -> round.metric(metric), MetricSummary::mean))
                .column(metric + " std", Metrics.value(round -> round.metric(metric), MetricSummary::std))
                .column("started", RoundView::startedAt)
                .column("finished", RoundView::finishedAt)
                .column("seconds", this::seconds)
                .column("model", RoundView::modelDigest)
                .column("reason", RoundView::reason)
                .send(table, "rounds.csv");
    }
}
