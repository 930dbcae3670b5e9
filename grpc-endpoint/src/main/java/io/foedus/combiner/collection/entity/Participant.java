package io.foedus.combiner.collection.entity;

import io.foedus.core.exchange.Fate;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One client's part in a share.
 *
 * @param origin what its task starts from: the base of this round, or of an earlier one
 * @param attempt the last result that it handed in
 * @param accepted the journal's line of its result, if one was taken
 * @param settled what its task came to, if to nothing that counts
 * @param restored whether its result was taken by an earlier run
 */
public record Participant(
        UUID client,
        UUID task,
        Origin origin,
        Standing standing,
        Presence presence,
        @Nullable Attempt attempt,
        @Nullable Fact accepted,
        @Nullable Receipt settled,
        boolean restored) {

    Participant(UUID client, UUID task, Origin origin, Presence presence) {
        this(client, task, origin, Standing.ASKED, presence, null, null, null, false);
    }

    /** Digest of the result being checked or accepted. */
    public @Nullable String digest() {
        if (accepted != null) {
            return accepted.digest();
        }
        return attempt == null ? null : attempt.outcome().digest();
    }

    /** Whether its result is acceptable and only has to become durable. */
    boolean passed() {
        return standing == Standing.EXAMINED && attempt != null && attempt.passed();
    }

    /** @throws IllegalStateException if the step is not one */
    Participant to(Standing next) {
        return standing(standing.to(next));
    }

    private Participant standing(Standing next) {
        return new Participant(client, task, origin, next, presence, attempt, accepted, settled, restored);
    }

    /** It was given the task anew. */
    Participant startingFrom(Origin fresh) {
        return new Participant(client, task, fresh, standing, presence, attempt, accepted, settled, restored);
    }

    Participant with(Presence next) {
        return new Participant(client, task, origin, standing, next, attempt, accepted, settled, restored);
    }

    Participant with(@Nullable Attempt next) {
        return new Participant(client, task, origin, standing, presence, next, accepted, settled, restored);
    }

    /** Its result counts, as the journal says. */
    Participant accepted(Fact fact, boolean earlier) {
        return new Participant(
                client, task, origin, Standing.ACCEPTED, presence, attempt, fact, settled, restored || earlier);
    }

    /** Nothing that counts will come of it, as the journal says. */
    Participant settled(Fact fact) {
        Fate fate = Objects.requireNonNull(fact.fate());
        Standing end = fate == Fate.REJECTED ? Standing.REJECTED : fate == Fate.LATE ? Standing.LOST : Standing.FAILED;
        Receipt receipt = new Receipt(fate, fact.reason());
        return new Participant(client, task, origin, end, presence, attempt, accepted, receipt, restored);
    }
}
