package io.foedus.web.packages;

import io.foedus.controller.packages.boundary.PackageView;
import io.foedus.controller.packages.boundary.Packages;
import io.foedus.web.desk.Desk;
import io.foedus.web.tables.Table;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.Part;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.UUID;

/** The compute packages of the alliance on the desk. */
@Named
@ViewScoped
public class PackagesPage implements Serializable {
    private static final long serialVersionUID = 1L;

    @Inject
    transient Desk desk;

    @Inject
    transient Packages packages;

    @Inject
    transient Incoming incoming;

    private transient Part file;
    private String name;
    private boolean activate = true;
    private transient Table<PackageView> table;

    public void open() {
        desk.open(() -> table = Table.here(
                query -> packages.list(desk.actor(), desk.allianceId(), query), PackageView::id, "name", "digest"));
    }

    public void upload() {
        boolean done = desk.perform("The package was uploaded.", () -> {
            Part part = file;
            incoming.lend(
                    part,
                    incoming.limits().packageBytes(),
                    path -> packages.upload(desk.actor(), desk.allianceId(), name, fileName(part), path, activate));
        });
        file = null;
        if (done) {
            name = null;
            desk.show("packages", "upload");
        }
    }

    private static String fileName(Part part) {
        Path path = Path.of(part.getSubmittedFileName().replace('\\', '/')).getFileName();
        return path == null ? "package" : path.toString();
    }

    /** @param id as the row that was pressed names it */
    public void activate(String id) {
        desk.perform(
                "This package is the active one now.",
                () -> packages.activate(desk.actor(), desk.allianceId(), UUID.fromString(id)));
    }

    /** @param id as the row that was pressed names it */
    public void delete(String id) {
        desk.perform(
                "The package was deleted.",
                () -> packages.delete(desk.actor(), desk.allianceId(), UUID.fromString(id)));
    }

    public Table<PackageView> getTable() {
        return table;
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

    public boolean isActivate() {
        return activate;
    }

    public void setActivate(boolean activate) {
        this.activate = activate;
    }
}
