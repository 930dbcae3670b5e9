package io.foedus.web.problems;

import io.foedus.controller.refusals.Refusal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One problem as a caller sees it.
 *
 * @param members further members for programs
 * @param retryAfter when it makes sense to come back
 */
public record Problem(
        int status,
        String code,
        String detail,
        String remedy,
        Map<String, Object> members,
        Optional<Duration> retryAfter) {
    private static final Map<Integer, String> TITLES = Map.ofEntries(
            Map.entry(400, "Malformed request"),
            Map.entry(401, "Not authenticated"),
            Map.entry(403, "Not allowed"),
            Map.entry(404, "Not found"),
            Map.entry(405, "Method not allowed"),
            Map.entry(406, "Not acceptable"),
            Map.entry(408, "Too slow"),
            Map.entry(409, "Conflict"),
            Map.entry(410, "Outdated"),
            Map.entry(413, "Too large"),
            Map.entry(415, "Unsupported media type"),
            Map.entry(416, "Range not satisfiable"),
            Map.entry(422, "Not acceptable content"),
            Map.entry(429, "Too many attempts"),
            Map.entry(500, "Internal error"),
            Map.entry(503, "Not available now"));

    public static final String MEDIA_TYPE = "application/problem+json";

    public static Problem of(int status, String code, String detail, String remedy) {
        return new Problem(status, code, detail, remedy, Map.of(), Optional.empty());
    }

    /** The one place where a refusal becomes an HTTP status. */
    public static Problem of(Refusal refusal) {
        int status = switch (refusal.kind()) {
            case MALFORMED -> 400;
            case UNAUTHENTICATED -> 401;
            case FORBIDDEN -> 403;
            case UNKNOWN -> 404;
            case CONFLICT -> 409;
            case OUTDATED -> 410;
            case TOO_LARGE -> 413;
            case UNACCEPTABLE -> 422;
            case THROTTLED -> 429;
            case UNAVAILABLE -> 503;
        };
        return new Problem(
                status, refusal.code(), refusal.detail(), refusal.remedy(), refusal.members(), refusal.retryAfter());
    }

    /** A problem that only has an HTTP status, e.g. from the container. */
    public static Problem ofStatus(int status) {
        return switch (status) {
            case 400 -> of(400, "MALFORMED", "The request cannot be understood.", "See /openapi for this call.");
            case 401 -> of(401, "NO_TOKEN", "This call needs a token.", "Send it as 'Authorization: Bearer fds_…'.");
            case 403 -> of(403, "NOT_ALLOWED", "This is not allowed.", "Ask an operator or an admin.");
            case 404 ->
                of(404, "NOT_FOUND", "There is nothing at this address.", "See /openapi for the calls there are.");
            case 405 -> of(405, "METHOD_NOT_ALLOWED", "This address does not take that method.", "See /openapi.");
            case 406 ->
                of(406, "NOT_ACCEPTABLE", "This call does not answer in that media type.", "Ask for application/json.");
            case 413 -> of(413, "TOO_LARGE", "The body is too large.", "Send less, or ask for a higher limit.");
            case 415 -> of(415, "UNSUPPORTED_MEDIA_TYPE", "This call does not take that media type.", "See /openapi.");
            case 416 ->
                of(
                        416,
                        "RANGE_NOT_SATISFIABLE",
                        "The range begins behind the last byte.",
                        "Ask for bytes below the size that Content-Range names.");
            case 503 ->
                new Problem(
                        503,
                        "UNAVAILABLE",
                        "The controller is not available now.",
                        "Try again shortly.",
                        Map.of(),
                        Optional.of(Duration.ofSeconds(2)));
            default ->
                status < 500
                        ? of(status, "REFUSED", "The request was refused.", "See /openapi for this call.")
                        : of(
                                status,
                                "INTERNAL",
                                "Something went wrong in the controller.",
                                "Look for the requestId in the controller's log, or report it.");
        };
    }

    /** Detail and remedy as one text, which is all that FEDn's programs know of a problem. */
    public String sentence() {
        return detail + " " + remedy;
    }

    public String title() {
        return TITLES.getOrDefault(status, status < 500 ? "Refused" : "Internal error");
    }

    /** The headers that go with it. A body that was not read to its end takes its connection along. */
    public Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        retryAfter.ifPresent(after -> headers.put("Retry-After", String.valueOf(after.toSeconds() + 1)));
        if (status == 401) {
            headers.put("WWW-Authenticate", "Bearer realm=\"foedus\"");
        }
        if (status == 408 || status == 413) {
            headers.put("Connection", "close");
        }
        return headers;
    }

    /** The members in the order of the RFC, ours after them. */
    public Map<String, Object> json(String requestId) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", "urn:foedus:problem:" + code.toLowerCase(Locale.ROOT).replace('_', '-'));
        json.put("title", title());
        json.put("status", status);
        json.put("detail", detail);
        json.put("code", code);
        json.put("remedy", remedy);
        json.put("requestId", requestId);
        members.forEach(json::putIfAbsent);
        return json;
    }
}
