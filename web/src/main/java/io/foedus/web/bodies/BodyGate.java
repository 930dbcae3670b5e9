package io.foedus.web.bodies;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.identity.entity.Role;
import io.foedus.controller.refusals.Refusal;
import io.foedus.core.transfer.Pace;
import io.foedus.web.problems.BodyCutException;
import io.foedus.web.problems.ErrorPage;
import io.foedus.web.problems.Problem;
import io.foedus.web.problems.Problems;
import io.foedus.web.security.Caller;
import io.foedus.web.security.Doors;
import io.foedus.web.security.ResponseHeaders;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Decides about each request before anybody works for it and about its body before anybody reads it, and holds its
 * sender to a pace while it is read. First of the filters; see {@code web.xml}.
 */
public class BodyGate extends HttpFilter {
    private static final long serialVersionUID = 1L;
    private static final int MOST_OF_FORM = 1 << 20;
    /** What a refused body may have for its connection to be kept; the server throws so much away without a thread. */
    private static final long WORTH_A_CONNECTION = 64 << 10;

    private static final Duration LONGEST_TEXT = Duration.ofSeconds(60);

    /** Threads beyond those for ordinary calls; together they are the 200 of the server's pool. */
    private static final int HEARTBEATS = 32;

    private static final int PROBES = 8;

    @Inject
    transient ControllerConfig config;

    @Inject
    transient Bounds bounds;

    @Inject
    @ConfigProperty(name = "foedus.bodies.at-once", defaultValue = "96")
    int atOnce;

    @Inject
    @ConfigProperty(name = "foedus.bodies.unknown-at-once", defaultValue = "16")
    int unknownAtOnce;

    @Inject
    @ConfigProperty(name = "foedus.bodies.address-at-once", defaultValue = "48")
    int addressAtOnce;

    @Inject
    @ConfigProperty(name = "foedus.bodies.window-seconds", defaultValue = "20")
    int windowSeconds;

    @Inject
    @ConfigProperty(name = "foedus.bodies.bytes-per-second", defaultValue = "1024")
    long bytesPerSecond;

    @Inject
    @ConfigProperty(name = "foedus.bodies.text-bytes", defaultValue = "33554432")
    long textBytes;

    @Inject
    @ConfigProperty(name = "foedus.requests.at-once", defaultValue = "160")
    int requestsAtOnce;

    @Inject
    @ConfigProperty(name = "foedus.requests.address-at-once", defaultValue = "120")
    int requestsOfAddress;

    private transient Map<Lane.Kind, Lane> lanes;
    private transient Pace pace;

    @Override
    public void init() {
        lanes = Map.of(
                Lane.Kind.ORDINARY,
                new Lane(
                        new Places(requestsAtOnce, requestsAtOnce / 2, requestsOfAddress),
                        new Places(atOnce, unknownAtOnce, addressAtOnce),
                        new TextBudget(textBytes)),
                Lane.Kind.HEARTBEAT,
                new Lane(
                        new Places(HEARTBEATS, 0, HEARTBEATS),
                        new Places(HEARTBEATS / 2, 0, HEARTBEATS / 2),
                        new TextBudget(2 * config.limits().jsonBytes())),
                Lane.Kind.PROBE,
                new Lane(new Places(PROBES, 4 * PROBES, PROBES), new Places(0, 0, 0), new TextBudget(0)));
        pace = new Pace(Duration.ofSeconds(windowSeconds), bytesPerSecond, LONGEST_TEXT);
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Lane lane = lanes.get(Lane.Kind.of(request));
        Optional<Runnable> worker = lane.workers().take(Caller.of(request).isPresent(), request.getRemoteAddr());
        if (worker.isEmpty()) {
            bounds.hit("requests", "no thread to work for " + named(request) + ", answered 503");
            refuse(request, response, Problem.ofStatus(503));
            return;
        }
        try {
            receive(request, response, chain, lane);
        } finally {
            worker.get().run();
        }
    }

    private void receive(HttpServletRequest request, HttpServletResponse response, FilterChain chain, Lane lane)
            throws IOException, ServletException {
        if (isWithoutBody(request)) {
            chain.doFilter(request, response);
            return;
        }
        Optional<Problem> no = objection(request);
        if (no.isPresent()) {
            refuse(request, response, no.get());
            return;
        }
        Optional<Runnable> place = isHere(request)
                ? Optional.of(() -> {})
                : lane.bodies().take(Caller.of(request).isPresent(), request.getRemoteAddr());
        if (place.isEmpty()) {
            bounds.hit("body-places", "no place to wait for the body of " + named(request) + ", answered 503");
            refuse(request, response, Problem.ofStatus(503));
            return;
        }
        Runnable leave = place.get();
        try (TextBudget.Held text = lane.text().held(request.getRemoteAddr())) {
            admit(request, response, chain, text, leave);
        } finally {
            leave.run();
        }
    }

    /** Whether nothing follows the headers. In HTTP/2 a body needs no header that tells of it. */
    private static boolean isWithoutBody(HttpServletRequest request) throws IOException {
        long length = request.getContentLengthLong();
        if (length > 0 || request.getHeader("Transfer-Encoding") != null) {
            return false;
        }
        boolean untold = length < 0 && request.getProtocol().startsWith("HTTP/2");
        return !untold || request.getInputStream().isFinished();
    }

    /** Whether nobody can make this server wait for the rest. */
    private static boolean isHere(HttpServletRequest request) throws IOException {
        long length = request.getContentLengthLong();
        return length > 0 && request.getInputStream().available() >= length;
    }

    private Optional<Problem> objection(HttpServletRequest request) {
        if (Doors.isForPrograms(request)) {
            return Caller.of(request).isPresent() || isSetUp(request)
                    ? Optional.empty()
                    : Optional.of(Problem.of(Caller.refusal(request)));
        }
        if (isMultipart(request)) {
            return objectionToFiles(request);
        }
        return isForm(request) && request.getContentLengthLong() > MOST_OF_FORM
                ? Optional.of(Problem.of(FormFields.tooLarge(MOST_OF_FORM)))
                : Optional.empty();
    }

    /** The one call of programs that takes a body from somebody who has no token yet. */
    private static boolean isSetUp(HttpServletRequest request) {
        long length = request.getContentLengthLong();
        return Doors.pathOf(request).equals("/api/setup") && length > 0 && length <= WORTH_A_CONNECTION;
    }

    private Optional<Problem> objectionToFiles(HttpServletRequest request) {
        long most = mostOfFiles(request);
        if (most == 0) {
            return Optional.of(Problem.of(
                    415, "UNSUPPORTED_MEDIA_TYPE", "This page takes no files.", "Use the page for uploads."));
        }
        if (!Caller.of(request).filter(BodyGate::operates).isPresent()) {
            return Optional.of(Problem.ofStatus(403));
        }
        return request.getContentLengthLong() > most + MOST_OF_FORM
                ? Optional.of(Problem.of(
                        413,
                        "TOO_LARGE",
                        "The file has more than " + most + " bytes.",
                        "Send less, or ask an admin for a higher limit."))
                : Optional.empty();
    }

    /** How many bytes the files may have that a page takes; 0 if it takes none. */
    private long mostOfFiles(HttpServletRequest request) {
        return switch (Doors.pathOf(request)) {
            case "/packages", "/packages.xhtml" -> config.limits().packageBytes();
            case "/upload-model", "/upload-model.xhtml" -> config.limits().modelBytes();
            default -> 0;
        };
    }

    private static boolean operates(Actor actor) {
        return actor.admin() || actor.roles().values().stream().anyMatch(role -> role.includes(Role.OPERATOR));
    }

    private void admit(
            HttpServletRequest request,
            HttpServletResponse response,
            FilterChain chain,
            TextBudget.Held held,
            Runnable atEnd)
            throws IOException, ServletException {
        boolean text = isForm(request) || mediaType(request).endsWith("json");
        PacedBody body = text
                ? new PacedBody(
                        request.getInputStream(),
                        pace,
                        bytes -> hold(request, response, held, bytes),
                        atEnd,
                        cut -> note(request, cut))
                : new PacedBody(
                        request.getInputStream(), pace.ofAnyLength(), bytes -> {}, atEnd, cut -> note(request, cut));
        boolean ofPage = !Doors.isForPrograms(request);
        if (ofPage && isMultipart(request)) {
            try (MultipartForm form = received(request, response, body)) {
                if (form != null) {
                    chain.doFilter(new BodyRequest(request, body, FormFields.of(form.parts()), form.parts()), response);
                }
            }
            return;
        }
        Map<String, List<String>> fields = Map.of();
        if (ofPage && isForm(request)) {
            try {
                fields = FormFields.read(body, MOST_OF_FORM);
            } catch (BodyCutException | Refusal e) {
                answer(request, response, e);
                return;
            }
        }
        chain.doFilter(new BodyRequest(request, body, fields, List.of()), response);
    }

    /** What is read here and by programs' calls alike lies in memory as a whole. */
    private void hold(HttpServletRequest request, HttpServletResponse response, TextBudget.Held held, int bytes) {
        try {
            held.add(bytes);
        } catch (Refusal full) {
            response.setHeader("Connection", "close");
            bounds.hit("body-bytes", "no room in memory for the body of " + named(request) + ", answered 503");
            throw full;
        }
    }

    /** Each that is cut had to be waited for, so there cannot be many lines; whoever went away is no news. */
    private void note(HttpServletRequest request, BodyCutException cut) {
        if (cut.isSlow()) {
            bounds.hitSeldom("body-pace", "cut " + named(request) + ": " + cut.getMessage());
        }
    }

    private static String named(HttpServletRequest request) {
        return request.getMethod() + " " + request.getRequestURI() + " from " + request.getRemoteAddr() + " requestId="
                + ResponseHeaders.idOf(request);
    }

    /** The form, or null if it was refused. */
    private MultipartForm received(HttpServletRequest request, HttpServletResponse response, PacedBody body)
            throws IOException {
        try {
            return MultipartForm.of(
                    request.getContentType(), body, config.data().resolve("scratch"), mostOfFiles(request));
        } catch (BodyCutException | Refusal e) {
            answer(request, response, e);
            return null;
        }
    }

    /** Whoever broke off is not there to be answered. */
    private static void answer(HttpServletRequest request, HttpServletResponse response, Exception why)
            throws IOException {
        if (!(why instanceof BodyCutException cut) || cut.isSlow()) {
            refuse(request, response, Problems.of(why));
        }
    }

    private static void refuse(HttpServletRequest request, HttpServletResponse response, Problem problem)
            throws IOException {
        long length = request.getContentLengthLong();
        boolean unfinished = problem.status() != 401 || length < 0 || length > WORTH_A_CONNECTION;
        if (unfinished) {
            response.setHeader("Connection", "close");
        }
        ErrorPage.send(request, response, problem);
    }

    private static boolean isMultipart(HttpServletRequest request) {
        return mediaType(request).startsWith("multipart/");
    }

    private static boolean isForm(HttpServletRequest request) {
        return mediaType(request).equals("application/x-www-form-urlencoded");
    }

    private static String mediaType(HttpServletRequest request) {
        String type = request.getContentType();
        return type == null ? "" : type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
    }
}
