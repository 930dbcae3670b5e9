package io.foedus.web.security;

import io.foedus.controller.identity.boundary.Accounts;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.refusals.Refusal;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/** Who makes this request. Roles and rights are read from the database once per request. */
@Named
@RequestScoped
public class Caller {
    static final String ACTOR = "foedus.actor";
    static final String REFUSAL = "foedus.refusal";

    @Inject
    HttpServletRequest request;

    @Inject
    Accounts accounts;

    /**
     * The actor.
     *
     * @throws Refusal {@code UNAUTHENTICATED} if nobody has shown who they are, or the credential does not count
     */
    public Actor actor() {
        if (request.getAttribute(REFUSAL) != null) {
            throw refusal(request);
        }
        return known().orElseThrow(() -> refusal(request));
    }

    /** Who makes a request, as far as its credential was looked at. */
    public static Optional<Actor> of(HttpServletRequest request) {
        return Optional.ofNullable((Actor) request.getAttribute(ACTOR));
    }

    /** Why a request that nobody is known by may not go on: its credential does not count, or it has none. */
    public static Refusal refusal(HttpServletRequest request) {
        return request.getAttribute(REFUSAL) instanceof Refusal refusal
                ? refusal
                : Refusal.unauthenticated(
                        "NO_TOKEN", "This call needs a token.", "Send it as 'Authorization: Bearer fds_…'.");
    }

    /** The actor, if there is one. */
    public Optional<Actor> known() {
        return of(request);
    }

    public String getName() {
        return known().map(Actor::name).orElse("");
    }

    public boolean isAdmin() {
        return known().map(Actor::admin).orElse(false);
    }

    /** The peer's address as the container sees it. */
    public String address() {
        return request.getRemoteAddr();
    }
}
