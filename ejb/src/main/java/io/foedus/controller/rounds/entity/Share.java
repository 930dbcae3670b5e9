package io.foedus.controller.rounds.entity;

import io.foedus.controller.persistence.JsonObjectConverter;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.round.Tally;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** One combiner's part of a round, for training or for validation. */
@Entity
@Table(name = "share")
public class Share {
    @Id
    private UUID id;

    @Column(name = "round_id")
    private UUID roundId;

    @Column(name = "combiner_id")
    private UUID combinerId;

    @Enumerated(EnumType.STRING)
    private TaskKind kind;

    @Enumerated(EnumType.STRING)
    private SharePhase phase = SharePhase.OFFERED;

    private long epoch;
    private int target;
    private int expected;
    private int accepted;
    private int rejected;
    private int discarded;
    private int lost;
    private long examples;

    @Column(name = "partial_digest")
    private String partialDigest;

    @Column(name = "partial_size")
    private Long partialSize;

    @Column(name = "partial_format")
    private String partialFormat;

    private String reason;

    @Convert(converter = JsonObjectConverter.class)
    private Map<String, Object> timings = Map.of();

    @Column(name = "offered_at")
    private Instant offeredAt;

    @Column(name = "running_at")
    private Instant runningAt;

    @Column(name = "reported_at")
    private Instant reportedAt;

    @Version
    private long version;

    protected Share() {}

    /**
     * An offer.
     *
     * @param target how many clients the combiner is to ask
     */
    public Share(UUID id, UUID roundId, TaskKind kind, Party party, int target, Instant now) {
        this.id = id;
        this.roundId = roundId;
        this.kind = kind;
        this.combinerId = party.combiner();
        this.epoch = party.epoch();
        this.target = target;
        this.offeredAt = now;
    }

    /** A combiner under one of its epochs. */
    public record Party(UUID combiner, long epoch) {}

    /** The bytes of a partial. */
    public record Partial(String digest, long size, String format) {}

    /** Its combiner was restarted, or had been lost, and gets it again under its new epoch. */
    public void offerAgain(long newEpoch, Instant now) {
        if (phase != SharePhase.OFFERED) {
            phase = phase.to(SharePhase.OFFERED);
        }
        reason = null;
        reportedAt = null;
        epoch = newEpoch;
        offeredAt = now;
        count(Tally.NONE);
    }

    /** Its combiner tells how far it is. */
    public void run(Tally tally, Instant now) {
        if (phase == SharePhase.OFFERED) {
            phase = phase.to(SharePhase.RUNNING);
            runningAt = now;
        }
        count(tally);
    }

    /** @param partial null if there is none: nothing to validate, or the updates themselves were sent */
    public void report(Tally tally, long examplesBehind, Partial partial, Map<String, Object> took, Instant now) {
        phase = phase.to(SharePhase.REPORTED);
        count(tally);
        examples = examplesBehind;
        if (partial != null) {
            partialDigest = partial.digest();
            partialSize = partial.size();
            partialFormat = partial.format();
        }
        timings = took == null ? Map.of() : Map.copyOf(took);
        reportedAt = now;
    }

    /** So many of the updates that it reported could not be folded with the others. */
    public void leaveOut(int updates, long examplesOfThem) {
        accepted -= updates;
        rejected += updates;
        examples -= examplesOfThem;
    }

    /** Why nothing came of it, or not all. */
    public void explain(String why) {
        reason = why;
    }

    /** More clients than before are to be asked. */
    public void widen(int clients) {
        target = clients;
    }

    public void lose(String why, Instant now) {
        phase = phase.to(SharePhase.LOST);
        reason = why;
        reportedAt = now;
    }

    public void cancel(String why) {
        phase = phase.to(SharePhase.CANCELLED);
        reason = why;
    }

    private void count(Tally tally) {
        accepted = tally.accepted();
        rejected = tally.rejected();
        discarded = tally.discarded();
        lost = tally.lost();
        expected = tally.expected();
    }

    /** What the combiner told last. */
    public Tally tally() {
        return new Tally(accepted, rejected, discarded, lost, expected);
    }

    /**
     * What the round may count on: of an open share nothing is here yet and its target may come; of a reported one
     * everything is here; of a lost one nothing comes.
     */
    public Tally settled() {
        return switch (phase) {
            case OFFERED, RUNNING -> Tally.expecting(Math.max(target, expected));
            case REPORTED -> new Tally(accepted, rejected, discarded, lost, accepted + rejected + lost);
            case LOST, CANCELLED -> new Tally(0, 0, 0, Math.max(target, expected), Math.max(target, expected));
        };
    }

    public boolean open() {
        return phase.open();
    }

    public UUID roundId() {
        return roundId;
    }

    public UUID combinerId() {
        return combinerId;
    }

    public TaskKind kind() {
        return kind;
    }

    public SharePhase phase() {
        return phase;
    }

    public long epoch() {
        return epoch;
    }

    public int target() {
        return target;
    }

    public long examples() {
        return examples;
    }

    /** Null if there is none. */
    public Partial partial() {
        return partialDigest == null ? null : new Partial(partialDigest, partialSize, partialFormat);
    }

    public String reason() {
        return reason;
    }

    /** When its result came, or it was lost. */
    public Instant reportedAt() {
        return reportedAt;
    }
}
