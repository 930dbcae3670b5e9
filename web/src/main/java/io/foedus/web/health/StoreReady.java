package io.foedus.web.health;

import io.foedus.core.blobs.BlobStore;
import io.foedus.core.models.Digest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready while the store of models and packages can be written. */
@Readiness
@ApplicationScoped
public class StoreReady implements HealthCheck {
    private static final System.Logger LOG = System.getLogger(StoreReady.class.getName());

    @Inject
    BlobStore blobs;

    private boolean works() {
        try {
            Digest empty = blobs.put(InputStream.nullInputStream(), 0);
            blobs.delete(empty);
            return true;
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the blob store does not work", e);
            return false;
        }
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("blob store").status(works()).build();
    }
}
