package io.foedus.core.blobs;

import java.io.IOException;

/** Content is longer than was allowed or announced. */
public class BlobTooLargeException extends IOException {
    public BlobTooLargeException(long maxBytes) {
        super("the content has more than the " + maxBytes + " bytes allowed");
    }
}
