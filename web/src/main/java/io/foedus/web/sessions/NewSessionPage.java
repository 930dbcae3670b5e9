package io.foedus.web.sessions;

import io.foedus.controller.alliances.boundary.Policies;
import io.foedus.controller.clients.boundary.ClientCounts;
import io.foedus.controller.clients.boundary.Clients;
import io.foedus.controller.listing.Query;
import io.foedus.controller.models.boundary.ModelView;
import io.foedus.controller.models.boundary.Models;
import io.foedus.controller.packages.boundary.PackageView;
import io.foedus.controller.packages.boundary.Packages;
import io.foedus.controller.sessions.boundary.SessionView;
import io.foedus.controller.sessions.boundary.Sessions;
import io.foedus.controller.sessions.entity.NewSession;
import io.foedus.core.plan.InvalidPlanException;
import io.foedus.core.plan.PlanKey;
import io.foedus.web.desk.Desk;
import jakarta.faces.context.FacesContext;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The form that begins a session: from scratch, from a model, or like another session. */
@Named
@ViewScoped
public class NewSessionPage implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int OFFERED = 200;
    private static final UUID NO_PACKAGE = new UUID(0, 0);

    /** The page's inputs by what of the plan they hold. */
    private static final Map<PlanKey, String> INPUTS = Map.ofEntries(
            Map.entry(PlanKey.ROUNDS, "rounds"),
            Map.entry(PlanKey.MIN_CLIENTS, "min"),
            Map.entry(PlanKey.TARGET_CLIENTS, "target"),
            Map.entry(PlanKey.DEADLINE_SECONDS, "deadline"),
            Map.entry(PlanKey.SELECTION_KIND, "selection"),
            Map.entry(PlanKey.SELECTION_LABELS, "labels"),
            Map.entry(PlanKey.MODE, "mode"),
            Map.entry(PlanKey.AGGREGATOR, "aggregator"),
            Map.entry(PlanKey.OPTIMIZER, "optimizer"),
            Map.entry(PlanKey.VALIDATE_EVERY, "validate"),
            Map.entry(PlanKey.STOP_METRIC, "stopmetric"),
            Map.entry(PlanKey.STOP_PATIENCE, "patience"),
            Map.entry(PlanKey.BEST_METRIC, "bestmetric"),
            Map.entry(PlanKey.BEST_GOAL, "bestgoal"),
            Map.entry(PlanKey.SETTINGS, "settings"));

    @Inject
    transient Desk desk;

    @Inject
    transient Sessions sessions;

    @Inject
    transient Models models;

    @Inject
    transient Packages packages;

    @Inject
    transient Clients clients;

    @Inject
    transient Policies policies;

    private String name;
    private UUID seed;
    private UUID computePackage;
    private UUID like;
    private PlanForm plan = new PlanForm();

    /** Reads the address: {@code seed} names a model, {@code like} a session whose plan is taken over. */
    public void open() {
        desk.open(() -> {
            if (like != null) {
                SessionView head = sessions.get(desk.actor(), like);
                desk.lay(head.allianceId());
                plan = PlanForm.of(head.plan());
                seed = seed == null ? head.seedModel() : seed;
                computePackage = head.computePackage() == null ? NO_PACKAGE : head.computePackage();
                name = head.name() + ", again";
            }
            if (like == null) {
                plan.begin(policies.of(desk.actor(), desk.allianceId()).leastClients());
            }
            List<PackageView> offered = packages();
            if (computePackage == null) {
                computePackage = offered.stream()
                        .filter(PackageView::active)
                        .map(PackageView::id)
                        .findFirst()
                        .orElse(null);
            }
        });
    }

    public List<ModelView> models() {
        return models.list(desk.actor(), desk.allianceId(), "", Query.first(OFFERED))
                .items();
    }

    public List<PackageView> packages() {
        return packages.list(desk.actor(), desk.allianceId(), Query.first(OFFERED))
                .items();
    }

    /** What the alliance has now, against what is asked for. */
    public Readiness getReadiness() {
        ClientCounts counts = counts();
        return new Readiness(
                !models.list(desk.actor(), desk.allianceId(), "", Query.first(1))
                        .items()
                        .isEmpty(),
                computePackage != null || packages().stream().anyMatch(PackageView::active),
                (int) counts.attached(),
                plan.leastClients());
    }

    public ClientCounts counts() {
        return clients.counts(desk.actor(), desk.allianceId());
    }

    public void create() throws IOException {
        make(true);
    }

    /** Makes it without starting it. */
    public void prepare() throws IOException {
        make(false);
    }

    private void make(boolean start) throws IOException {
        Map<String, Object> planned;
        try {
            planned = plan.toPlan();
        } catch (InvalidPlanException e) {
            e.breaches().forEach(this::refuse);
            return;
        }
        UUID[] made = new UUID[1];
        boolean done = desk.perform(null, () -> {
            getReadiness().require(start);
            boolean without = NO_PACKAGE.equals(computePackage);
            NewSession wish = new NewSession(name, seed, without ? null : computePackage, without, planned, start);
            made[0] = sessions.create(desk.actor(), desk.allianceId(), wish).id();
        });
        if (done) {
            FacesContext faces = FacesContext.getCurrentInstance();
            faces.getExternalContext()
                    .redirect(faces.getExternalContext().getRequestContextPath() + "/session?id=" + made[0]);
            faces.responseComplete();
        }
    }

    private void refuse(InvalidPlanException.Breach breach) {
        PlanKey key = PlanKey.of(breach.key());
        String input = INPUTS.get(key);
        desk.refuse(
                input == null ? null : "new:" + input,
                key.label() + breach.sentence().substring(breach.key().length()));
    }

    public PlanForm getPlan() {
        return plan;
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public UUID getSeed() {
        return seed;
    }

    public void setSeed(UUID seed) {
        this.seed = seed;
    }

    public UUID getComputePackage() {
        return computePackage;
    }

    public void setComputePackage(UUID computePackage) {
        this.computePackage = computePackage;
    }

    /** The choice of no package at all. */
    public UUID getNoPackage() {
        return NO_PACKAGE;
    }

    public UUID getLike() {
        return like;
    }

    public void setLike(UUID like) {
        this.like = like;
    }
}
