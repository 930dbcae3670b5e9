package io.foedus.web.fedn;

import io.foedus.web.problems.JsonBodies;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Set;

/** FEDn's API as an application of its own, so that its manners (errors, dates, lists) do not touch the native API. */
@ApplicationPath("/fedn")
public class FednApplication extends Application {
    @Override
    public Set<Class<?>> getClasses() {
        return Set.of(
                AttributesResource.class,
                ClientsResource.class,
                CombinersResource.class,
                ControllerResource.class,
                FednErrors.class,
                HelpersResource.class,
                JsonBodies.class,
                MetricsResource.class,
                ModelsResource.class,
                PackagesResource.class,
                PredictionsResource.class,
                RoundsResource.class,
                RunsResource.class,
                SessionsResource.class,
                StatusesResource.class,
                TelemetryResource.class,
                ValidationsResource.class);
    }
}
