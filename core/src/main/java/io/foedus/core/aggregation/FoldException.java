package io.foedus.core.aggregation;

import java.io.IOException;

/** A fold that must not be done, or whose input turned out to be wrong. The message names the contribution. */
public class FoldException extends IOException {
    public FoldException(String message) {
        super(message);
    }
}
