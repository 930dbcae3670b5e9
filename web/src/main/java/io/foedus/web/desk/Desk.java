package io.foedus.web.desk;

import io.foedus.controller.alliances.boundary.Alliances;
import io.foedus.controller.alliances.boundary.Alliances.AllianceView;
import io.foedus.controller.alliances.boundary.Policies;
import io.foedus.controller.identity.boundary.Accounts;
import io.foedus.controller.identity.entity.AccessPolicy;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.identity.entity.Role;
import io.foedus.controller.listing.Query;
import io.foedus.controller.refusals.Refusal;
import io.foedus.web.security.Caller;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.application.FacesMessage;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.UUID;
import org.primefaces.PrimeFaces;

/**
 * Who is at the desk and which alliance lies on it. Read anew with every request, so that a role that was taken away is
 * gone.
 */
@Named
@RequestScoped
public class Desk {
    private static final String CHOSEN = "alliance";
    private static final String THEME = "foedus.theme";
    private static final String RENEWAL = "Foedus-Renewal";
    private static final String NONCE = "primefaces.nonce";

    @Inject
    Accounts accounts;

    @Inject
    Alliances register;

    @Inject
    Policies policies;

    @Inject
    Caller caller;

    @Inject
    FacesContext faces;

    private List<AllianceView> alliances;
    private AllianceView chosen;

    /** On whose behalf this request acts. */
    public Actor actor() {
        return caller.actor();
    }

    public String getAccount() {
        return actor().name();
    }

    public boolean isAdmin() {
        return actor().admin();
    }

    /** Whether the actor may operate the alliance on the desk. */
    public boolean isOperator() {
        return current() != null
                && AccessPolicy.permits(actor(), Action.OPERATE, current().id());
    }

    /** Whether the actor may get models of the alliance on the desk. */
    public boolean isDownloader() {
        if (current() == null) {
            return false;
        }
        UUID alliance = current().id();
        boolean operatorsOnly = policies.of(actor(), alliance).download() == Role.OPERATOR;
        return AccessPolicy.permits(actor(), operatorsOnly ? Action.OPERATE : Action.DOWNLOAD_MODEL, alliance);
    }

    public String getRole() {
        if (current() == null || current().role() == null) {
            return isAdmin() ? "Administrator" : "No alliance yet";
        }
        return Look.of(current().role()).word() + " of " + current().title() + (isAdmin() ? ", administrator" : "");
    }

    public List<AllianceView> getAlliances() {
        if (alliances == null) {
            alliances = register.list(actor(), Query.first(Query.MOST)).items();
        }
        return alliances;
    }

    /** Name of the alliance on the desk, null if the actor is in none. */
    public String getAlliance() {
        return current() == null ? null : current().name();
    }

    public String getTitle() {
        return current() == null ? "No alliance" : current().title();
    }

    /** @throws Refusal if the actor is in no alliance */
    public UUID allianceId() {
        if (current() == null) {
            throw Refusal.unknown("alliance", "");
        }
        return current().id();
    }

    /** Lays the alliance of an object that is looked at on the desk. */
    public void lay(UUID allianceId) {
        getAlliances().stream()
                .filter(one -> one.id().equals(allianceId))
                .findFirst()
                .ifPresent(this::choose);
    }

    private AllianceView current() {
        if (chosen == null) {
            var address = faces.getExternalContext().getRequestParameterMap().get(CHOSEN);
            var page = faces.getViewRoot() == null
                    ? null
                    : faces.getViewRoot().getViewMap().get(CHOSEN);
            var before = faces.getExternalContext().getSessionMap().get(CHOSEN);
            getAlliances().stream()
                    .filter(one -> one.name().equals(address != null ? address : page != null ? page : before))
                    .findFirst()
                    .or(() -> getAlliances().stream().findFirst())
                    .ifPresent(this::choose);
        }
        return chosen;
    }

    private void choose(AllianceView alliance) {
        chosen = alliance;
        if (faces.getViewRoot() != null) {
            faces.getViewRoot().getViewMap().put(CHOSEN, alliance.name());
        }
        faces.getExternalContext().getSessionMap().put(CHOSEN, alliance.name());
    }

    public String getTheme() {
        return (String)
                faces.getExternalContext().getSessionMap().computeIfAbsent(THEME, key -> accounts.theme(actor()));
    }

    /** Remembers a theme for the account. */
    public void theme(String theme) {
        perform(null, () -> accounts.chooseTheme(actor(), theme));
        faces.getExternalContext().getSessionMap().put(THEME, theme);
    }

    /**
     * Does something and says so; a refusal becomes a message with its remedy.
     *
     * @param done what to say afterwards, null for nothing
     * @return whether it was done
     */
    public boolean perform(String done, Runnable deed) {
        try {
            deed.run();
            if (done != null) {
                say(FacesMessage.SEVERITY_INFO, done, "");
            }
            return true;
        } catch (Refusal refusal) {
            say(FacesMessage.SEVERITY_ERROR, refusal.getMessage(), refusal.remedy());
            faces.validationFailed();
            return false;
        }
    }

    /** Draws parts of the page anew in this response, besides those that the button names. */
    public void show(String... ids) {
        PrimeFaces.current().ajax().update(ids);
    }

    /**
     * A page whose state was forgotten takes a fresh one, but its scripts still run by the nonce that it was loaded
     * with: the fresh state takes over the nonce of the next request instead of its own.
     */
    public void keepNonce() {
        if (faces.getExternalContext().getRequestHeaderMap().get(RENEWAL) != null) {
            faces.getViewRoot().getViewMap().remove(NONCE);
        }
    }

    /** Opens a page's object; what is refused becomes the error page with the right status. */
    public boolean open(Runnable reading) {
        try {
            reading.run();
            return true;
        } catch (Refusal refusal) {
            Errors.send(faces, refusal);
            return false;
        }
    }

    /**
     * Says what is wrong with what was typed, where it was typed.
     *
     * @param field the input's whole id; null if it has none on the page
     */
    public void refuse(String field, String sentence) {
        faces.addMessage(field, new FacesMessage(FacesMessage.SEVERITY_ERROR, sentence, field == null ? "" : sentence));
        faces.validationFailed();
    }

    private void say(FacesMessage.Severity severity, String summary, String detail) {
        faces.addMessage(null, new FacesMessage(severity, summary, detail));
    }

    public String getVersion() {
        String version = Desk.class.getPackage().getImplementationVersion();
        return version == null ? "0.1" : version;
    }
}
