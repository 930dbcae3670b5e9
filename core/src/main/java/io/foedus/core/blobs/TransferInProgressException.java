package io.foedus.core.blobs;

import io.foedus.core.models.Digest;
import java.io.IOException;

/** Another transfer of the same content is being written; try again shortly. */
public class TransferInProgressException extends IOException {
    public TransferInProgressException(Digest digest) {
        super("another transfer of " + digest.brief() + "… is under way");
    }
}
