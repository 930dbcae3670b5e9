package io.foedus.web.security;

import io.foedus.controller.identity.boundary.Accounts;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.refusals.Refusal;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.time.Clock;

/** How people come in and go out: a session of their own from the moment the password was right. */
@RequestScoped
public class LoginDoor {
    static final String ACCOUNT = "foedus.account";
    static final String SINCE = "foedus.since";

    @Inject
    HttpServletRequest request;

    @Inject
    Accounts accounts;

    @Inject
    Clock clock;

    /**
     * Lets the account in; from the next request on it is known. A session that existed before gets a new id.
     *
     * @throws Refusal {@code WRONG_CREDENTIALS} or {@code TOO_MANY_ATTEMPTS}
     */
    public Actor enter(String name, String password) {
        Actor actor = accounts.login(name, password, request.getRemoteAddr());
        HttpSession session = request.getSession(true);
        if (!session.isNew()) {
            request.changeSessionId();
        }
        session.setAttribute(ACCOUNT, actor.name());
        session.setAttribute(SINCE, clock.instant());
        request.setAttribute(Caller.ACTOR, actor);
        return actor;
    }

    /** Ends the session. */
    public void leave() throws ServletException {
        HttpSession session = request.getSession(false);
        if (session != null) {
            session.invalidate();
        }
        request.logout();
    }
}
