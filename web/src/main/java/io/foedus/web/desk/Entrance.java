package io.foedus.web.desk;

import io.foedus.controller.identity.boundary.Setup;
import io.foedus.controller.refusals.Refusal;
import io.foedus.web.security.Caller;
import io.foedus.web.security.Doors;
import io.foedus.web.security.LoginDoor;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.ServletException;
import java.io.IOException;

/** Logging in and out, and the first account. */
@Named
@RequestScoped
public class Entrance {
    @Inject
    LoginDoor door;

    @Inject
    Setup setup;

    @Inject
    Caller caller;

    @Inject
    Desk desk;

    @Inject
    FacesContext faces;

    private String name;
    private String password;
    private String again;
    private String code;
    private String next;

    /** Where somebody who opens the login page belongs: to the set-up while there is no account. */
    public String approach() {
        return setup.isOpen() ? "/setup?faces-redirect=true" : null;
    }

    /** Where somebody who opens the set-up belongs once there is an account. */
    public String approachSetup() {
        return setup.isOpen() ? null : "/login?faces-redirect=true";
    }

    public void enter() throws IOException {
        if (desk.perform(null, () -> door.enter(name, password))) {
            go(next);
        }
    }

    /** Makes the first account and lets it in. */
    public void begin() throws IOException {
        boolean made = desk.perform(null, () -> {
            if (password == null || !password.equals(again)) {
                throw Refusal.unacceptable(
                        "PASSWORDS_DIFFER", "The two passwords differ.", "Type the same password twice.");
            }
            setup.complete(code, name, password, caller.address());
            door.enter(name, password);
        });
        if (made) {
            go("/alliances?tab=new");
        }
    }

    public void leave() throws ServletException, IOException {
        door.leave();
        go("/login");
    }

    /** Only into this application: a path of its own, never another host. */
    private void go(String path) throws IOException {
        boolean own = Doors.isOwnPage(path);
        faces.getExternalContext()
                .redirect(faces.getExternalContext().getRequestContextPath() + (own ? path : "/overview"));
        faces.responseComplete();
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public String getPassword() {
        return password;
    }

    public void setPassword(String password) {
        this.password = password;
    }

    public String getAgain() {
        return again;
    }

    public void setAgain(String again) {
        this.again = again;
    }

    public String getCode() {
        return code;
    }

    public void setCode(String code) {
        this.code = code;
    }

    public String getNext() {
        return next;
    }

    public void setNext(String next) {
        this.next = next;
    }
}
