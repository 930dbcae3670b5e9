package io.foedus.web.security;

import io.foedus.controller.identity.boundary.Accounts;
import io.foedus.controller.identity.boundary.Tokens;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.refusals.Refusal;
import io.foedus.web.problems.Problems;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The application's only authentication mechanism. Programs show a token with each call and never get a session; people
 * log in through {@link LoginDoor} and are known by their session, whose account is looked up anew with each request,
 * so that disabling it works at once.
 *
 * <p>A credential that does not count is noted and refused by the REST filter as a problem, so that the container never
 * answers for it.
 */
@ApplicationScoped
public class TokenOrSession implements HttpAuthenticationMechanism {
    private static final System.Logger LOG = System.getLogger(TokenOrSession.class.getName());
    private static final Duration LONGEST_SESSION = Duration.ofHours(12);
    private static final Set<String> ACCOUNT_ROLE = Set.of("account");

    @Inject
    Tokens tokens;

    @Inject
    Accounts accounts;

    @Inject
    Clock clock;

    @Override
    public AuthenticationStatus validateRequest(
            HttpServletRequest request, HttpServletResponse response, HttpMessageContext context) {
        return Doors.isForPrograms(request) ? program(request, context) : person(request, response, context);
    }

    private AuthenticationStatus program(HttpServletRequest request, HttpMessageContext context) {
        String header = request.getHeader("Authorization");
        if (header == null) {
            return context.doNothing();
        }
        String[] parts = header.strip().split("\\s+", 2);
        String scheme = parts[0].toLowerCase(Locale.ROOT);
        String credential = parts.length == 2 ? parts[1] : "";
        if (scheme.equals("bearer") || scheme.equals("token")) {
            return known(request, context, () -> tokens.authenticate(credential));
        }
        if (scheme.equals("basic")
                && request.getMethod().equals("POST")
                && Doors.pathOf(request).equals("/api/tokens")) {
            return known(request, context, () -> byPassword(credential, request.getRemoteAddr()));
        }
        request.setAttribute(
                Caller.REFUSAL,
                Refusal.unauthenticated(
                        "BAD_SCHEME",
                        "This call does not take a credential of that scheme.",
                        "Send 'Authorization: Bearer fds_…'; Basic is for POST /api/tokens only."));
        return context.doNothing();
    }

    private Actor byPassword(String credential, String address) {
        try {
            String pair = new String(Base64.getDecoder().decode(credential), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            if (colon > 0) {
                return accounts.login(pair.substring(0, colon), pair.substring(colon + 1), address);
            }
        } catch (IllegalArgumentException e) {
            LOG.log(System.Logger.Level.DEBUG, "a Basic credential is not base64", e);
        }
        throw Refusal.unauthenticated(
                "BAD_SCHEME", "The Basic credential is malformed.", "Send base64 of name:password.");
    }

    private AuthenticationStatus known(HttpServletRequest request, HttpMessageContext context, Supplier<Actor> look) {
        try {
            Actor actor = look.get();
            request.setAttribute(Caller.ACTOR, actor);
            return context.notifyContainerAboutLogin(
                    actor.label(), actor.is(Actor.Kind.ACCOUNT) ? ACCOUNT_ROLE : Set.of());
        } catch (Refusal refusal) {
            request.setAttribute(Caller.REFUSAL, refusal);
        } catch (RuntimeException e) {
            if (Problems.of(e).status() == 503) {
                LOG.log(System.Logger.Level.WARNING, "a credential cannot be looked up now: {0}", e.getMessage());
            } else {
                LOG.log(System.Logger.Level.ERROR, "a credential cannot be looked up", e);
            }
            request.setAttribute(
                    Caller.REFUSAL,
                    Refusal.unavailable(
                            "DATABASE_UNAVAILABLE",
                            "The controller cannot reach its database.",
                            "Try again shortly.",
                            Duration.ofSeconds(2)));
        }
        return context.doNothing();
    }

    private AuthenticationStatus person(
            HttpServletRequest request, HttpServletResponse response, HttpMessageContext context) {
        HttpSession session = request.getSession(false);
        boolean furniture = Doors.pathOf(request).startsWith("/jakarta.faces.resource/");
        if (session != null && !furniture && session.getAttribute(LoginDoor.ACCOUNT) instanceof String name) {
            if (isOver(session)) {
                session.invalidate();
            } else {
                AuthenticationStatus status = known(request, context, () -> accounts.actor(name));
                if (request.getAttribute(Caller.ACTOR) != null) {
                    return status;
                }
                if (request.getAttribute(Caller.REFUSAL) instanceof Refusal refusal
                        && refusal.kind() == Refusal.Kind.UNAVAILABLE) {
                    return askAgain(response);
                }
            }
        }
        return context.isProtected() ? sendToLogin(request, response) : context.doNothing();
    }

    /** Somebody is logged in and nobody can say now as whom: the page stays, and asks again. */
    private static AuthenticationStatus askAgain(HttpServletResponse response) {
        try {
            response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            return AuthenticationStatus.SEND_FAILURE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isOver(HttpSession session) {
        return !(session.getAttribute(LoginDoor.SINCE) instanceof Instant since)
                || since.plus(LONGEST_SESSION).isBefore(clock.instant());
    }

    private static AuthenticationStatus sendToLogin(HttpServletRequest request, HttpServletResponse response) {
        boolean partial = "partial/ajax".equals(request.getHeader("Faces-Request"));
        String wanted = partial ? Doors.pageAround(request) : addressOf(request);
        String login = request.getContextPath() + "/login"
                + (wanted.isEmpty() ? "" : "?next=" + URLEncoder.encode(wanted, StandardCharsets.UTF_8));
        try {
            if (partial) {
                response.setContentType("text/xml;charset=UTF-8");
                response.getWriter()
                        .append("<?xml version='1.0' encoding='UTF-8'?><partial-response><redirect url=\"")
                        .append(login)
                        .append("\"/></partial-response>");
            } else {
                response.sendRedirect(login);
            }
            return AuthenticationStatus.SEND_CONTINUE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Path and query of a page that is asked for; empty for what cannot be asked for again. */
    private static String addressOf(HttpServletRequest request) {
        String path = Doors.pathOf(request);
        return !request.getMethod().equals("GET") || path.equals("/")
                ? ""
                : Doors.withQuery(path, request.getQueryString());
    }
}
