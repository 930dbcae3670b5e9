package io.foedus.web.models;

import io.foedus.controller.models.boundary.Models;
import io.foedus.web.desk.Desk;
import io.foedus.web.packages.Incoming;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.util.UUID;

/** A seed model that comes from somebody's browser. */
@Named
@RequestScoped
public class SeedUpload {
    @Inject
    Desk desk;

    @Inject
    Models models;

    @Inject
    Incoming incoming;

    @Inject
    FacesContext faces;

    private Part file;
    private String name;
    private String format;

    public void upload() throws IOException {
        UUID[] made = new UUID[1];
        boolean done = desk.perform(
                null,
                () -> incoming.lend(
                        file,
                        incoming.limits().modelBytes(),
                        path -> made[0] = models.upload(desk.actor(), desk.allianceId(), name, format, path)
                                .id()));
        if (done) {
            faces.getExternalContext()
                    .redirect(faces.getExternalContext().getRequestContextPath() + "/model?id=" + made[0]);
            faces.responseComplete();
        }
    }

    public Part getFile() {
        return file;
    }

    public void setFile(Part file) {
        this.file = file;
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public String getFormat() {
        return format;
    }

    public void setFormat(String format) {
        this.format = format;
    }
}
