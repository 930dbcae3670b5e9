package io.foedus.controller.rounds.entity;

import io.foedus.controller.persistence.VersionedEntity;
import io.foedus.core.round.RoundPhase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** One step of a session, or one attempt at it. Moves only under the lock of its session's row. */
@Entity
@Table(name = "round")
public class Round extends VersionedEntity {
    @Column(name = "session_id")
    private UUID sessionId;

    private int number;
    private int attempt;

    @Enumerated(EnumType.STRING)
    private RoundPhase phase = RoundPhase.PLANNED;

    @Column(name = "base_model_id")
    private UUID baseModelId;

    @Column(name = "model_id")
    private UUID modelId;

    @Column(name = "selection_seed")
    private long selectionSeed;

    private Instant deadline;

    @Column(name = "next_check")
    private Instant nextCheck;

    @Column(name = "claimed_by")
    private String claimedBy;

    @Column(name = "claimed_at")
    private Instant claimedAt;

    private String reason;
    private long examples;

    @Column(name = "merge_failures")
    private int mergeFailures;

    @Column(name = "training_at")
    private Instant trainingAt;

    @Column(name = "reducing_at")
    private Instant reducingAt;

    @Column(name = "validating_at")
    private Instant validatingAt;

    @Column(name = "finished_at")
    private Instant finishedAt;

    protected Round() {}

    /** Which round of its session, and which attempt at it; both count from 1. */
    public record Place(UUID session, int number, int attempt) {}

    public Round(UUID id, Place place, UUID baseModelId, long selectionSeed, Instant now) {
        super(id, now);
        this.sessionId = place.session();
        this.number = place.number();
        this.attempt = place.attempt();
        this.baseModelId = baseModelId;
        this.selectionSeed = selectionSeed;
        this.nextCheck = now;
    }

    /** Shares are offered. */
    public void train(Instant until, Instant now) {
        phase = phase.to(RoundPhase.TRAINING);
        trainingAt = now;
        deadline = until;
    }

    /** Enough is here: it waits for a reducer. */
    public void reduce(long examplesBehind, Instant now) {
        phase = phase.to(RoundPhase.REDUCING);
        reducingAt = now;
        examples = examplesBehind;
        nextCheck = now;
    }

    /** What it rests on after all, where not everything could be folded. */
    public void restsOn(long examplesBehind) {
        examples = examplesBehind;
    }

    /** A reducer of this name works on it until its claim is over. */
    public void claim(String node, Duration life, Instant now) {
        claimedBy = node;
        claimedAt = now;
        nextCheck = now.plus(life);
    }

    /** A reducer gives its claim back, for this reason. */
    public void release(String why, Instant next) {
        claimedBy = null;
        reason = why;
        nextCheck = next;
    }

    /** Merging went wrong once more; returns how often it has. */
    public int stumbles() {
        return ++mergeFailures;
    }

    /**
     * Whether nobody works on it, or somebody who was not heard of for the life of a claim, or only before the clock
     * was set back.
     */
    public boolean mayBeClaimed(Duration life, Instant now) {
        return claimedBy == null || !claimedAt.plus(life).isAfter(now) || claimedAt.isAfter(now.plus(life));
    }

    public boolean isClaimedBy(String node) {
        return phase == RoundPhase.REDUCING && node.equals(claimedBy);
    }

    /** Its model is committed; clients measure it until then. */
    public void validate(UUID model, Instant until, Instant now) {
        phase = phase.to(RoundPhase.VALIDATING);
        modelId = model;
        claimedBy = null;
        reason = null;
        validatingAt = now;
        deadline = until;
    }

    /** Its model is committed and nobody measures it. */
    public void completeWith(UUID model, Instant now) {
        modelId = model;
        claimedBy = null;
        end(RoundPhase.COMPLETED, null, now);
    }

    public void complete(Instant now) {
        end(RoundPhase.COMPLETED, null, now);
    }

    public void fail(String why, Instant now) {
        end(RoundPhase.FAILED, why, now);
    }

    public void cancel(String why, Instant now) {
        end(RoundPhase.CANCELLED, why, now);
    }

    private void end(RoundPhase last, String why, Instant now) {
        phase = phase.to(last);
        reason = why;
        finishedAt = now;
        nextCheck = null;
        claimedBy = null;
    }

    /** When to look again if nothing is heard before. */
    public void lookAgain(Instant when) {
        nextCheck = when;
    }

    public UUID sessionId() {
        return sessionId;
    }

    public int number() {
        return number;
    }

    public int attempt() {
        return attempt;
    }

    public RoundPhase phase() {
        return phase;
    }

    public UUID baseModelId() {
        return baseModelId;
    }

    public UUID modelId() {
        return modelId;
    }

    public long selectionSeed() {
        return selectionSeed;
    }

    public Instant deadline() {
        return deadline;
    }

    public String claimedBy() {
        return claimedBy;
    }

    public String reason() {
        return reason;
    }

    public long examples() {
        return examples;
    }

    public Instant trainingAt() {
        return trainingAt;
    }

    public Instant finishedAt() {
        return finishedAt;
    }
}
