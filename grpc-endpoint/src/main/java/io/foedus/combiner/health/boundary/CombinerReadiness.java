package io.foedus.combiner.health.boundary;

import io.foedus.combiner.server.boundary.CombinerLifecycle;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready: the gRPC port is bound and the controller answered within the last heartbeats. */
@Readiness
@ApplicationScoped
public class CombinerReadiness implements HealthCheck {
    @Inject
    CombinerLifecycle combiner;

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("combiner")
                .status(combiner.ready())
                .withData("port", combiner.port())
                .withData("attached", combiner.attached())
                .build();
    }
}
