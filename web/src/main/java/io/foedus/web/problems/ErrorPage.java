package io.foedus.web.problems;

import io.foedus.controller.refusals.Refusal;
import io.foedus.web.security.Doors;
import io.foedus.web.security.ResponseHeaders;
import jakarta.json.bind.JsonbBuilder;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;

/**
 * Answers every error that reaches the container: as a problem for programs, as the page {@code error.xhtml} for people
 * (request attribute {@code problem}), or in plain HTML while there is no such page or it failed itself.
 */
@WebServlet(urlPatterns = "/error", asyncSupported = true)
public class ErrorPage extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final System.Logger LOG = System.getLogger(ErrorPage.class.getName());
    private static final String PAGE = "/error.xhtml";
    private static final String PROBLEM = "foedus.problem";

    /** Answers a request that goes no further with a problem, as its door tells problems. */
    public static void send(HttpServletRequest request, HttpServletResponse response, Problem problem)
            throws IOException {
        request.setAttribute(PROBLEM, problem);
        response.sendError(problem.status());
    }

    /** Request attribute: what a page refused, so that the error page says it. */
    public static final String REFUSAL = "foedus.refused";

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        String uri = (String) request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
        Integer status = (Integer) request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        Throwable thrown = (Throwable) request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
        Problem problem = problem(request, status, thrown);
        String requestId = String.valueOf(request.getAttribute(ResponseHeaders.REQUEST_ID));
        if (thrown != null && problem.status() >= 500 && problem.status() != 503) {
            LOG.log(System.Logger.Level.ERROR, "request failed requestId=" + requestId, thrown);
        }
        response.setStatus(problem.status());
        problem.headers().forEach(response::setHeader);
        String path = uri == null ? "" : uri.substring(request.getContextPath().length());
        boolean html = String.valueOf(request.getHeader("Accept")).contains("text/html") && !Doors.isForPrograms(path);
        if (Doors.isForFedn(path)) {
            response.setContentType("application/json;charset=UTF-8");
            response.getWriter().write(JsonbBuilder.create().toJson(Map.of("message", problem.sentence())));
            return;
        }
        if (!html) {
            response.setContentType(Problem.MEDIA_TYPE + ";charset=UTF-8");
            response.getWriter().write(JsonbBuilder.create().toJson(problem.json(requestId)));
            return;
        }
        response.setContentType("text/html;charset=UTF-8");
        request.setAttribute("problem", forPeople(problem));
        boolean failedItself = path.startsWith("/error");
        if (!failedItself && getServletContext().getResource(PAGE) != null) {
            request.getRequestDispatcher(PAGE).forward(request, response);
            return;
        }
        response.getWriter()
                .write("<!DOCTYPE html><html lang=\"en\"><title>" + problem.title() + "</title><h1>" + problem.title()
                        + "</h1><p>" + escaped(problem.detail()) + "</p><p>" + escaped(problem.remedy())
                        + "</p><p><a href=\"" + request.getContextPath() + "/\">Overview</a> · request " + requestId
                        + "</p></html>");
    }

    /** The same for somebody at a browser, who has no use for the list of calls. */
    private static Problem forPeople(Problem problem) {
        String remedy = switch (problem.status()) {
            case 401 -> "Log in; you come back to the page that you wanted.";
            case 404 -> "Check the address, or go on from the overview.";
            case 403, 503 -> problem.remedy();
            default ->
                problem.status() < 500
                        ? "Go back to the page that you came from and try again."
                        : "Try again. If it happens again, tell an administrator the request below: the controller's log says why.";
        };
        return problem.remedy().contains("/openapi") || problem.status() == 401 || problem.status() >= 500
                ? Problem.of(problem.status(), problem.code(), problem.detail(), remedy)
                : problem;
    }

    private static Problem problem(HttpServletRequest request, Integer status, Throwable thrown) {
        if (request.getAttribute(PROBLEM) instanceof Problem told) {
            return told;
        }
        if (request.getAttribute(REFUSAL) instanceof Refusal refusal) {
            return Problems.of(refusal);
        }
        return thrown != null ? Problems.of(thrown) : Problem.ofStatus(status == null || status < 400 ? 404 : status);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
