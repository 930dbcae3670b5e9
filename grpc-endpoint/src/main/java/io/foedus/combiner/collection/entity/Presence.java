package io.foedus.combiner.collection.entity;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whether a participant can be spoken to.
 *
 * @param alive when it was last known to work
 * @param gone since when there has been no stream
 * @param offeredOn the stream over which it was offered its task, so that it is not offered twice over the same
 */
public record Presence(
        Instant alive, @Nullable Instant gone, @Nullable UUID offeredOn) {
    static Presence since(Instant now) {
        return new Presence(now, null, null);
    }

    Presence goneAt(Instant now) {
        return gone == null ? new Presence(alive, now, offeredOn) : this;
    }

    Presence backAt(Instant now) {
        return new Presence(now, null, offeredOn);
    }

    Presence offeredOver(UUID stream) {
        return new Presence(alive, gone, stream);
    }
}
