package io.foedus.agent.lineage;

import io.foedus.core.models.Digest;
import java.util.Optional;

/**
 * What was found about one model.
 *
 * @param model SHA-256 of its file
 * @param round number of the round that made it
 * @param signed whether the trusted key has signed its manifest
 * @param chain what is wrong with its place in the chain; empty if nothing
 * @param uncounted what its manifest says that is not true: inputs that were not counted; empty if nothing
 * @param file whether its file is among the evidence
 * @param again what came of computing it again
 * @param note why it was not computed again, or how the result differs; empty if there is nothing to say
 */
public record Finding(
        Digest model,
        int round,
        boolean signed,
        Optional<String> chain,
        Optional<String> uncounted,
        boolean file,
        Again again,
        String note) {
    /** What came of computing a model again. */
    public enum Again {
        /** The same bytes. */
        SAME,
        /** Other bytes: the manifest does not tell the truth. */
        DIFFERS,
        /** Not all that is needed is among the evidence. */
        NOT_KEPT,
        /** The manifest does not say enough, as where noise was fresh. */
        NOT_POSSIBLE
    }

    /** True unless something is wrong. */
    public boolean holds() {
        return signed && chain.isEmpty() && uncounted.isEmpty() && again != Again.DIFFERS;
    }
}
