package io.foedus.controller.blobs;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.core.blobs.BlobStore;
import io.foedus.core.blobs.DirectoryBlobStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Opens the store under the data directory. */
@ApplicationScoped
public class BlobStoreProducer {
    @Produces
    @Singleton
    BlobStore store(ControllerConfig config) {
        try {
            return new DirectoryBlobStore(config.blobDirectory());
        } catch (IOException e) {
            throw new UncheckedIOException("the blob directory " + config.blobDirectory() + " cannot be used", e);
        }
    }
}
