package io.foedus.core.blobs;

import io.foedus.core.models.Digest;
import java.nio.file.NoSuchFileException;

/** There is no blob of that digest in the store. */
public class BlobMissingException extends NoSuchFileException {
    public BlobMissingException(Digest digest) {
        super(digest.hex(), null, "there is no such blob in the store");
    }
}
