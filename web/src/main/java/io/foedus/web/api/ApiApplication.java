package io.foedus.web.api;

import io.foedus.web.problems.ProblemMapper;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Set;

/** The native REST API; FEDn's is an application of its own. */
@ApplicationPath("/api")
public class ApiApplication extends Application {
    @Override
    public Set<Class<?>> getClasses() {
        return Set.of(
                AccountsResource.class,
                AlliancesResource.class,
                AuditResource.class,
                BlobsResource.class,
                ClientsResource.class,
                CombinersResource.class,
                EventsResource.class,
                MembershipsResource.class,
                ModelsResource.class,
                PackagesResource.class,
                PlacementsResource.class,
                ProblemMapper.class,
                RoundsResource.class,
                SelfResource.class,
                SessionsResource.class,
                TokensResource.class);
    }
}
