package io.foedus.agent.controller;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.console.Json;
import java.time.Duration;
import java.util.Optional;

/**
 * The controller refused: its problem document (RFC 9457) as an exception, with the exit code that its status means.
 */
public final class ControllerException extends Failure {
    private final int status;
    private final String code;
    private final JsonNode problem;
    private final Optional<Duration> retryAfter;

    ControllerException(
            int status, String code, String message, String remedy, JsonNode problem, Optional<Duration> retryAfter) {
        super(exitCode(status), message, remedy);
        this.status = status;
        this.code = code;
        this.problem = problem;
        this.retryAfter = retryAfter;
    }

    /** From an answer with a status of 400 or more; a body that is not a problem document is quoted briefly. */
    static ControllerException of(String request, int status, String body, Optional<Duration> retryAfter) {
        JsonNode problem = parsed(body);
        String code = problem.path("code").asText("HTTP_" + status);
        String detail = problem.path("detail").asText(problem.path("title").asText(""));
        String quoted = body.strip();
        String message = !detail.isEmpty()
                ? detail
                : "the controller answered " + status + " to " + request
                        + (quoted.isEmpty() || quoted.startsWith("<")
                                ? ""
                                : ": " + quoted.substring(0, Math.min(200, quoted.length())));
        return new ControllerException(
                status, code, message, problem.path("remedy").asText(remedy(status)), problem, retryAfter);
    }

    public int status() {
        return status;
    }

    @Override
    public String code() {
        return code;
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
            return node.isObject() ? node : Json.object();
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            return Json.object();
        }
    }

    private static ExitCode exitCode(int status) {
        return switch (status) {
            case 401, 403 -> ExitCode.AUTHENTICATION;
            case 404, 410 -> ExitCode.NOT_FOUND;
            case 409, 412 -> ExitCode.CONFLICT;
            case 400, 413, 415, 422 -> ExitCode.INVALID;
            case 429, 503 -> ExitCode.RETRY_LATER;
            case 502, 504 -> ExitCode.UNAVAILABLE;
            default -> ExitCode.FAILURE;
        };
    }

    private static String remedy(int status) {
        return switch (status) {
            case 401 -> "Run `foedus login`, or give a valid token with --token-file or FOEDUS_TOKEN_FILE.";
            case 403 -> "Ask an operator of the alliance for the role that this needs.";
            case 404 -> "Check the name, the id and --alliance.";
            case 429, 502, 503, 504 -> "Try again in a moment.";
            default -> "";
        };
    }
}
