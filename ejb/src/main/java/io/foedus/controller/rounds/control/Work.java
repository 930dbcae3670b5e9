package io.foedus.controller.rounds.control;

import io.foedus.core.models.Digest;
import java.util.List;

/** What moving a session on came to that takes long, and is done outside of any transaction. */
public sealed interface Work permits Reduction, Work.Inspection {

    /**
     * Blobs that a round is about to give to clients and that nobody has looked at lately; then the session goes on.
     */
    record Inspection(List<Digest> blobs) implements Work {}
}
