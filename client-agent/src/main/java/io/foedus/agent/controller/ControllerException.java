package io.foedus.agent.controller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.console.Json;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * An answer with a status of 400 or more. Only a problem document (RFC 9457) is the controller's own word, with the
 * exit code that its status means; any other page may come from a proxy, or from a server that has not deployed the
 * controller yet, so the controller counts as not reached.
 */
public final class ControllerException extends Failure {
    /** Two callers changed the same thing at once, and this one was second: the same call may succeed now. */
    private static final String CHANGED_MEANWHILE = "CHANGED_MEANWHILE";

    private final int status;
    private final JsonNode problem;
    private final Optional<Duration> retryAfter;

    private ControllerException(
            ExitCode exitCode,
            int status,
            String message,
            String remedy,
            JsonNode problem,
            Optional<Duration> retryAfter) {
        super(exitCode, message, remedy);
        this.status = status;
        this.problem = problem;
        this.retryAfter = retryAfter;
    }

    /**
     * From an answer with a status of 400 or more.
     *
     * @param contentType its {@code Content-Type}; empty if there was none
     */
    static ControllerException of(
            String request, int status, String contentType, String body, Optional<Duration> retryAfter) {
        if (!contentType.toLowerCase(Locale.ROOT).startsWith("application/problem+json")) {
            return foreign(request, status, body, retryAfter);
        }
        JsonNode problem = parsed(body);
        String detail = problem.path("detail").asText(problem.path("title").asText(""));
        return new ControllerException(
                problem.path("code").asText().equals(CHANGED_MEANWHILE) ? ExitCode.RETRY_LATER : exitCode(status),
                status,
                detail.isEmpty() ? "the controller answered " + status + " to " + request : detail,
                problem.path("remedy").asText(remedy(status)),
                problem,
                retryAfter);
    }

    private static ControllerException foreign(String request, int status, String body, Optional<Duration> retryAfter) {
        String quoted = body.strip();
        return new ControllerException(
                status == 429 || status == 503 ? ExitCode.RETRY_LATER : ExitCode.UNAVAILABLE,
                status,
                "the server answered " + status + " to " + request
                        + (quoted.isEmpty() || quoted.startsWith("<")
                                ? ""
                                : ": " + quoted.substring(0, Math.min(200, quoted.length()))),
                "Check that the address is the controller's and that it has started; this page is not its own.",
                MissingNode.getInstance(),
                retryAfter);
    }

    /** The same answer in words that its reader knows better. */
    public ControllerException saying(String message) {
        return new ControllerException(exitCode(), status, message, remedy(), problem, retryAfter);
    }

    public int status() {
        return status;
    }

    @Override
    public String code() {
        return problem.path("code").asText("HTTP_" + status);
    }

    /** The whole document; a missing node if there was none. */
    public JsonNode problem() {
        return problem;
    }

    /** What {@code Retry-After} said. */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }

    private static JsonNode parsed(String body) {
        try {
            JsonNode node = Json.read(body);
            return node.isObject() ? node : MissingNode.getInstance();
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private static ExitCode exitCode(int status) {
        return switch (status) {
            case 401, 403 -> ExitCode.AUTHENTICATION;
            case 404, 410 -> ExitCode.NOT_FOUND;
            case 409, 412 -> ExitCode.CONFLICT;
            case 400, 413, 415, 422 -> ExitCode.INVALID;
            case 408, 429, 503 -> ExitCode.RETRY_LATER;
            case 502, 504 -> ExitCode.UNAVAILABLE;
            default -> ExitCode.FAILURE;
        };
    }

    private static String remedy(int status) {
        return switch (status) {
            case 401 -> "Run `foedus login`, or give a valid token with --token-file or FOEDUS_TOKEN_FILE.";
            case 403 -> "Ask an operator of the alliance for the role that this needs.";
            case 404 -> "Check the name, the id and --alliance.";
            case 408, 429, 502, 503, 504 -> "Try again in a moment.";
            default -> "";
        };
    }
}
