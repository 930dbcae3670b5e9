package io.foedus.web.sessions;

import io.foedus.controller.sessions.boundary.Sessions;
import io.foedus.web.desk.Desk;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;

/** What an operator does with the session on the page. */
@Named
@RequestScoped
public class SessionControls {
    @Inject
    Desk desk;

    @Inject
    SessionPage page;

    @Inject
    Sessions sessions;

    public void start() {
        desk.perform("Started.", () -> sessions.start(desk.actor(), page.getId()));
    }

    public void pause() {
        desk.perform(
                "Paused: the open round may finish, and no other starts.",
                () -> sessions.pause(desk.actor(), page.getId()));
    }

    public void resume() {
        desk.perform("Resumed.", () -> sessions.resume(desk.actor(), page.getId()));
    }

    public void stopAfterRound() {
        desk.perform("The session stops after this round.", () -> sessions.stopAfterRound(desk.actor(), page.getId()));
    }

    public void stopNow() {
        desk.perform("Stopped.", () -> sessions.stopNow(desk.actor(), page.getId()));
    }
}
