package io.foedus.web.api;

import io.foedus.core.Release;
import io.foedus.web.problems.JsonBodies;
import io.foedus.web.problems.ProblemMapper;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeType;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.info.License;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;

/** The native REST API; FEDn's is an application of its own. */
@ApplicationPath("/api")
@OpenAPIDefinition(
        info =
                @Info(
                        title = "Foedus controller",
                        version = Release.VERSION,
                        description =
                                "Alliances, compute packages, models, sessions and rounds of hierarchical federated"
                                        + " learning. Errors are application/problem+json; lists are {items, next, total}.",
                        license = @License(name = "Apache-2.0")),
        security = @SecurityRequirement(name = "token"))
@SecurityScheme(
        securitySchemeName = "token",
        type = SecuritySchemeType.HTTP,
        scheme = "bearer",
        bearerFormat = "fds_<kind>_<id><secret><checksum>",
        description =
                "A token of POST /api/tokens; that call also takes HTTP Basic with an account's name and password.")
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
                JsonBodies.class,
                MembershipsResource.class,
                ModelUploadsResource.class,
                ModelsResource.class,
                PackagesResource.class,
                PolicyResource.class,
                PlacementsResource.class,
                ProblemMapper.class,
                RoundsResource.class,
                SelfResource.class,
                SessionsResource.class,
                TokensResource.class);
    }
}
