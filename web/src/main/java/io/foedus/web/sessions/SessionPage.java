package io.foedus.web.sessions;

import io.foedus.controller.events.boundary.EventView;
import io.foedus.controller.events.boundary.Events;
import io.foedus.controller.insight.boundary.RoundInsight;
import io.foedus.controller.insight.boundary.SessionInsight;
import io.foedus.controller.insight.entity.RoundLine;
import io.foedus.controller.insight.entity.SessionHead;
import io.foedus.controller.listing.Query;
import io.foedus.controller.sessions.boundary.SessionView;
import io.foedus.controller.sessions.boundary.Sessions;
import io.foedus.web.desk.Desk;
import io.foedus.web.tables.Csv;
import io.foedus.web.tables.Table;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
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
    transient SessionInsight sessions;

    @Inject
    transient Sessions views;

    @Inject
    transient RoundInsight rounds;

    @Inject
    transient Events events;

    private UUID id;
    private String metric;
    private Table<RoundLine> table;
    private final Set<UUID> expanded = new HashSet<>();

    /** Reads the address; what cannot be seen becomes the error page. */
    public void open() {
        desk.open(() -> {
            desk.lay(sessions.head(desk.actor(), id).allianceId());
            metric = Metrics.first(sessions.metrics(desk.actor(), id), metric);
            table = Table.here(
                    query -> rounds.lines(desk.actor(), id, getMetric() == null ? "" : getMetric(), query),
                    RoundLine::id,
                    "phase");
        });
    }

    public SessionHead head() {
        return sessions.head(desk.actor(), id);
    }

    /** The plan in words. */
    public Map<String, String> plan() {
        return PlanWords.of(head().plan());
    }

    /** What its models tell of a client at most, in words; null if its plan promises nothing. */
    public String privacy() {
        SessionView view = views.get(desk.actor(), id);
        return view.privacy() == null ? null : PrivacyWords.budget(view.privacy(), view.roundsPlanned());
    }

    /** What happened in it, the newest first. */
    public List<EventView> events() {
        return events.list(desk.allianceId(), Query.first(EVENTS).where("session", id.toString()))
                .items();
    }

    public List<String> metrics() {
        return Metrics.names(sessions.metrics(desk.actor(), id));
    }

    /** The metric on the page; the first validation brings one if there was none. */
    public String getMetric() {
        // Faces asks for it while it reads the address, before it has set the id.
        if (metric == null && id != null) {
            metric = Metrics.first(sessions.metrics(desk.actor(), id), null);
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

    public Table<RoundLine> getTable() {
        return table;
    }

    public void toggle(ToggleEvent event) {
        UUID round = ((RoundLine) event.getData()).id();
        if (event.getVisibility() == Visibility.VISIBLE) {
            expanded.add(round);
        } else {
            expanded.remove(round);
        }
    }

    public boolean expanded(RoundLine round) {
        return expanded.contains(round.id());
    }

    public void export() {
        new Csv<RoundLine>()
                .column("round", RoundLine::number)
                .column("attempt", RoundLine::attempt)
                .column("phase", RoundLine::phase)
                .column("accepted", RoundLine::accepted)
                .column("rejected", RoundLine::rejected)
                .column("late", RoundLine::discarded)
                .column("lost", RoundLine::lost)
                .column("examples", RoundLine::examples)
                .column("bytes", RoundLine::bytes)
                .column(metric + " mean", RoundLine::mean)
                .column(metric + " std", RoundLine::std)
                .column("started", RoundLine::startedAt)
                .column("finished", RoundLine::finishedAt)
                .column("seconds", RoundLine::seconds)
                .column("model", RoundLine::modelDigest)
                .column("reason", RoundLine::reason)
                .send(table, "rounds.csv");
    }
}
