package io.foedus.web.alliances;

import io.foedus.controller.alliances.boundary.Alliances;
import io.foedus.web.desk.Desk;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;

/** A new alliance; the list itself is the desk's. */
@Named
@RequestScoped
public class AlliancesPage {
    @Inject
    Desk desk;

    @Inject
    Alliances alliances;

    @Inject
    FacesContext faces;

    private String name;
    private String title;
    private String description;

    public void create() throws IOException {
        if (desk.perform(null, () -> alliances.create(desk.actor(), name, title, description))) {
            faces.getExternalContext()
                    .redirect(faces.getExternalContext().getRequestContextPath() + "/overview?alliance=" + name);
            faces.responseComplete();
        }
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public String getTitle() {
        return title;
    }

    public void setTitle(String title) {
        this.title = title;
    }

    public String getDescription() {
        return description;
    }

    public void setDescription(String description) {
        this.description = description;
    }
}
