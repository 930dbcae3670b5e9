package io.foedus.core.blobs;

import io.foedus.core.models.Digest;
import java.io.IOException;

/** Content is not what its sender said it was. */
public class DigestMismatchException extends IOException {
    public DigestMismatchException(Digest expected, Digest found) {
        super("the content's SHA-256 is " + found.brief() + "…, announced was " + expected.brief() + "…");
    }
}
