package io.foedus.core.aggregation;

import java.io.IOException;
import java.util.Optional;

/** A fold that must not be done, or whose input turned out to be wrong. The message names the contribution. */
public class FoldException extends IOException {
    /** Carried as text, because an exception is serialisable. */
    private final String culprit;

    public FoldException(String message) {
        this(message, "");
    }

    /**
     * A fold that can be done without one of its contributions.
     *
     * @param culprit the contribution's id
     */
    public FoldException(String message, String culprit) {
        super(message);
        this.culprit = culprit;
    }

    /** The contribution without which the fold is worth another attempt. */
    public Optional<String> culprit() {
        return culprit.isEmpty() ? Optional.empty() : Optional.of(culprit);
    }
}
