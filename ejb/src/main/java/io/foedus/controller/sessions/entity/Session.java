package io.foedus.controller.sessions.entity;

import io.foedus.controller.persistence.VersionedEntity;
import io.foedus.core.plan.Plan;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/** A training campaign: a plan, the model it has come to, and how far it is. Its row is the lock of its rounds. */
@Entity
@Table(name = "session")
public class Session extends VersionedEntity {
    @Column(name = "alliance_id")
    private UUID allianceId;

    private String name;

    @Enumerated(EnumType.STRING)
    private SessionState state = SessionState.CREATED;

    @Column(name = "stop_after_round")
    private boolean stopAfterRound;

    @Column(name = "package_id")
    private UUID packageId;

    @Column(name = "seed_model_id")
    private UUID seedModelId;

    @Column(name = "model_id")
    private UUID modelId;

    @Column(name = "best_model_id")
    private UUID bestModelId;

    private Plan plan;

    @Column(name = "rounds_planned")
    private int roundsPlanned;

    @Column(name = "rounds_completed")
    private int roundsCompleted;

    @Column(name = "attempts_spent")
    private int attemptsSpent;

    private String reason;

    @Column(name = "created_by")
    private UUID createdBy;

    @Column(name = "started_at")
    private Instant startedAt;

    @Column(name = "finished_at")
    private Instant finishedAt;

    @Column(name = "next_check")
    private Instant nextCheck;

    @Column(name = "model_prefix")
    private String modelPrefix;

    @Column(name = "patience_millis")
    private Long patienceMillis;

    @Column(name = "waiting_since")
    private Instant waitingSince;

    protected Session() {}

    /** What a session works with: a package of the alliance, null for none, and the model to begin at. */
    public record Material(UUID allianceId, UUID packageId, UUID seedModelId) {}

    public Session(UUID id, String name, Material material, Plan plan, UUID createdBy, Instant now) {
        super(id, now);
        this.name = name;
        this.allianceId = material.allianceId();
        this.packageId = material.packageId();
        this.seedModelId = material.seedModelId();
        this.modelId = material.seedModelId();
        this.plan = plan;
        this.roundsPlanned = plan.rounds();
        this.createdBy = createdBy;
    }

    public void start(Instant now) {
        state = SessionMove.START.from(state);
        startedAt = now;
        nextCheck = now;
    }

    /**
     * Begins, or goes on after it has finished or failed, for so many more rounds from the model that it has come to.
     *
     * @param changed the plan for all its rounds, those that are done included
     */
    public void extend(int more, Plan changed, Instant now) {
        state = SessionMove.EXTEND.from(state);
        startedAt = startedAt == null ? now : startedAt;
        nextCheck = now;
        plan = changed;
        roundsPlanned = roundsCompleted + more;
        stopAfterRound = false;
        reason = null;
        finishedAt = null;
        patienceMillis = null;
        waitingSince = null;
    }

    /**
     * From now on as FEDn's API does it.
     *
     * @param modelNames what its models' names begin with, null for the session's name
     * @param patience how long it waits for clients that it needs before it fails; otherwise it waits for ever
     */
    public void behaveAsFedns(String modelNames, Duration patience) {
        modelPrefix = modelNames;
        patienceMillis = patience.toMillis();
    }

    public void pause() {
        state = SessionMove.PAUSE.from(state);
        reason = null;
        waitingSince = null;
        nextCheck = null;
    }

    public void resume(Instant now) {
        state = SessionMove.RESUME.from(state);
        nextCheck = now;
    }

    /** Ends after the round that is open, or at once if none is; one that has not begun is cancelled. */
    public void stopAfterRound(String why, Instant now) {
        if (state == SessionState.CREATED) {
            cancel(why, now);
            return;
        }
        state = SessionMove.STOP_AFTER_ROUND.from(state);
        stopAfterRound = true;
        nextCheck = now;
    }

    /** @param next when to look again if nothing is heard before */
    public void waits(String forWhat, Instant next) {
        if (!Objects.equals(reason, forWhat)) {
            reason = forWhat;
        }
        nextCheck = next;
    }

    /** As {@link #waits}, for clients. */
    public void lacksClients(String what, Instant next, Instant now) {
        waits(what, next);
        waitingSince = waitingSince == null ? now : waitingSince;
    }

    /** Whether it has waited for clients as long as it may. */
    public boolean isOutOfPatience(Instant now) {
        return patienceMillis != null
                && waitingSince != null
                && !waitingSince.plusMillis(patienceMillis).isAfter(now);
    }

    /** A round was opened; what happens next is the round's business. */
    public void worksOn() {
        reason = null;
        nextCheck = null;
        waitingSince = null;
    }

    /** A round ended with a model. */
    public void advanceTo(UUID model) {
        modelId = model;
    }

    public void roundCompleted(Instant now) {
        roundsCompleted++;
        attemptsSpent = 0;
        nextCheck = now;
    }

    public void best(UUID model) {
        bestModelId = model;
    }

    public void finish(String why, Instant now) {
        end(SessionMove.FINISH, why, now);
    }

    /** @param attempt the last one at its round; if the session is asked to go on, those so far do not count */
    public void fail(String why, int attempt, Instant now) {
        end(SessionMove.FAIL, why, now);
        attemptsSpent = attempt;
    }

    /** How many attempts at its round the session has made with this one, since it was asked to go on. */
    public int attempts(int attempt) {
        return attempt - attemptsSpent;
    }

    public void cancel(String why, Instant now) {
        end(SessionMove.STOP_NOW, why, now);
    }

    private void end(SessionMove move, String why, Instant now) {
        state = move.from(state);
        reason = why;
        finishedAt = now;
        nextCheck = null;
    }

    /** Whether the engine may open a round. */
    public boolean wantsRounds() {
        return state == SessionState.RUNNING && !stopAfterRound && roundsCompleted < roundsPlanned;
    }

    /** What the model of a round is called. */
    public String modelName(int round) {
        return modelPrefix == null ? name + " round " + round : modelPrefix + "_" + round;
    }

    public UUID allianceId() {
        return allianceId;
    }

    public String name() {
        return name;
    }

    public SessionState state() {
        return state;
    }

    public boolean stopsAfterRound() {
        return stopAfterRound;
    }

    /** Null if its clients bring their own program. */
    public UUID packageId() {
        return packageId;
    }

    public UUID modelId() {
        return modelId;
    }

    public Plan plan() {
        return plan;
    }

    public int roundsPlanned() {
        return roundsPlanned;
    }

    public int roundsCompleted() {
        return roundsCompleted;
    }

    public String reason() {
        return reason;
    }

    public Instant startedAt() {
        return startedAt;
    }

    public Instant finishedAt() {
        return finishedAt;
    }

    public Instant nextCheck() {
        return nextCheck;
    }
}
