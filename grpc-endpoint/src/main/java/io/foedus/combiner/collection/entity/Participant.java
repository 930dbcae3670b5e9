package io.foedus.combiner.collection.entity;

import io.foedus.combiner.agents.entity.Agent;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One client's part in a share. Changed only on the collection's serial executor, but for {@link #alive}; read by any
 * thread.
 */
public final class Participant {
    private final UUID client;
    private final UUID task;
    private volatile Origin origin;
    private volatile boolean restored;
    private volatile Standing standing = Standing.ASKED;
    private volatile @Nullable Fact accepted;
    private volatile @Nullable String examining;
    private volatile @Nullable Instant gone;
    private volatile @Nullable Agent offeredOn;
    private volatile Instant alive;

    public Participant(UUID client, UUID task, Origin origin, Instant now) {
        this.client = client;
        this.task = task;
        this.origin = origin;
        this.alive = now;
    }

    public UUID client() {
        return client;
    }

    public UUID task() {
        return task;
    }

    /** What its task starts from: the base of this round, or of an earlier one. */
    public Origin origin() {
        return origin;
    }

    /** Notes that it was given the task anew. */
    public void startsFrom(Origin fresh) {
        origin = fresh;
    }

    public Standing standing() {
        return standing;
    }

    public void to(Standing next) {
        standing = standing.to(next);
    }

    /** Takes a result in for checking. */
    public void examine(@Nullable String digest) {
        to(Standing.EXAMINED);
        examining = digest;
    }

    /** Digest of the result being checked or accepted. */
    public @Nullable String digest() {
        return accepted != null ? accepted.digest() : examining;
    }

    public void accept(Fact fact) {
        if (standing != Standing.ACCEPTED) {
            to(Standing.ACCEPTED);
        }
        accepted = fact;
    }

    /** The accepted result. */
    public @Nullable Fact accepted() {
        return accepted;
    }

    /** Notes that the stream broke. */
    public void gone(Instant now) {
        if (gone == null) {
            gone = now;
        }
    }

    /** Notes that there is a stream. */
    public void back(Instant now) {
        gone = null;
        alive = now;
    }

    /** Notes over which stream the task was offered, so that it is not offered twice over the same. */
    public void offered(Agent agent) {
        offeredOn = agent;
    }

    public boolean offeredOn(@Nullable Agent agent) {
        return agent != null && offeredOn == agent;
    }

    /** Since when there has been no stream. */
    public @Nullable Instant goneSince() {
        return gone;
    }

    /** Notes a sign that the work goes on. */
    public void alive(Instant now) {
        alive = now;
    }

    public Instant lastAlive() {
        return alive;
    }

    /** Restores what an earlier run knew. */
    public void restore(Standing known) {
        standing = known;
        restored = true;
    }

    /** Whether its result was taken by an earlier run. */
    public boolean restored() {
        return restored;
    }
}
