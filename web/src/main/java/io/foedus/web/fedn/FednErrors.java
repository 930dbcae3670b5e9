package io.foedus.web.fedn;

import io.foedus.web.problems.Problem;
import io.foedus.web.problems.Problems;
import io.foedus.web.security.ResponseHeaders;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;

/**
 * Every exception as {@code {"message": …}}, which is all that FEDn's programs look at. They know 400, 401, 404 and
 * 410; what the native API calls a conflict or not acceptable is 400 to them.
 */
public class FednErrors implements ExceptionMapper<Throwable> {
    private static final System.Logger LOG = System.getLogger(FednErrors.class.getName());

    @Context
    private HttpServletRequest request;

    @Override
    public Response toResponse(Throwable thrown) {
        if (thrown instanceof WebApplicationException web
                && (web.getResponse().getStatus() < 400 || web.getResponse().hasEntity())) {
            return web.getResponse();
        }
        Problem problem = Problems.of(thrown);
        if (problem.status() >= 500 && problem.status() != 503) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "FEDn request failed requestId=" + request.getAttribute(ResponseHeaders.REQUEST_ID),
                    thrown);
        }
        Response.ResponseBuilder answer = Response.fromResponse(answer(status(problem.status()), problem.sentence()));
        problem.headers().forEach(answer::header);
        return answer.build();
    }

    static int status(int code) {
        return code == 409 || code == 422 ? 400 : code;
    }

    static Response answer(int status, String message) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(message(message))
                .build();
    }

    static JsonObject message(String text) {
        return new Document().with("message", text).json();
    }

    /** Something that exists in FEDn and not here. */
    static WebApplicationException notHere(String what) {
        return new WebApplicationException(answer(
                501, what + " Foedus does not have it; see 'Not here' in its page for people who come from FEDn."));
    }

    /** What a caller must mend. */
    static WebApplicationException bad(String what) {
        return new WebApplicationException(answer(400, what));
    }

    static WebApplicationException unknown(String id) {
        return new WebApplicationException(answer(404, "Entity with id: " + id + " not found"));
    }
}
