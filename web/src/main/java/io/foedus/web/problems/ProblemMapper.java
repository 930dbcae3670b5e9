package io.foedus.web.problems;

import io.foedus.controller.identity.boundary.AuditTrail;
import io.foedus.web.security.Caller;
import io.foedus.web.security.ResponseHeaders;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** Every exception of a REST call becomes a problem; a denial of permission also becomes an audit entry. */
@Provider
public class ProblemMapper implements ExceptionMapper<Throwable> {
    private static final System.Logger LOG = System.getLogger(ProblemMapper.class.getName());
    private static final Jsonb JSON = JsonbBuilder.create();

    @Inject
    HttpServletRequest request;

    @Inject
    Caller caller;

    @Inject
    AuditTrail audit;

    @Override
    public Response toResponse(Throwable thrown) {
        if (thrown instanceof WebApplicationException web && web.getResponse().getStatus() < 400) {
            return web.getResponse();
        }
        Problem problem = Problems.of(thrown);
        String requestId = String.valueOf(request.getAttribute(ResponseHeaders.REQUEST_ID));
        if (problem.status() >= 500 && problem.status() != 503) {
            LOG.log(System.Logger.Level.ERROR, "request failed requestId=" + requestId, thrown);
        }
        if (problem.status() == 403) {
            noteDenial(problem);
        }
        var response =
                Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(JSON.toJson(problem.json(requestId)));
        problem.headers().forEach(response::header);
        return response.build();
    }

    private void noteDenial(Problem problem) {
        try {
            caller.known()
                    .ifPresent(actor ->
                            audit.denied(actor, request.getMethod() + " " + request.getRequestURI(), problem.detail()));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a denial could not be noted in the audit log", e);
        }
    }
}
