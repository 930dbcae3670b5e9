package io.foedus.web.fedn;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.packages.boundary.PackageView;
import io.foedus.controller.packages.boundary.Packages;
import io.foedus.controller.refusals.Refusal;
import io.foedus.core.blobs.BlobStore;
import io.foedus.core.models.Digest;
import io.foedus.web.bodies.FormPart;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Compute packages. Clients get the active one with their join token, whatever name they ask for. */
@Path("{alliance}/api/v1/packages")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class PackagesResource extends FednCollection {
    @Inject
    Packages packages;

    @Inject
    ControllerConfig config;

    @Inject
    BlobStore blobs;

    @Override
    String key() {
        return "package_id";
    }

    @Override
    List<Document> documents(ListQuery query) {
        UUID alliance = alliance(Action.READ);
        return all(page -> packages.list(actor(), alliance, page)).stream()
                .map(PackagesResource::document)
                .toList();
    }

    @Override
    Optional<Document> find(String id) {
        UUID alliance = alliance(Action.READ);
        return known(id, it -> packages.get(actor(), alliance, it)).map(PackagesResource::document);
    }

    /** Uploads an archive and makes it the active one; one that is here already only becomes active. */
    @POST
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    public JsonObject upload(@HeaderParam("Content-Type") String type, InputStream body) throws IOException {
        UUID alliance = alliance(Action.OPERATE);
        try (Form form = Form.of(type, body, config, config.limits().packageBytes())) {
            upload(alliance, form);
        }
        return FednErrors.message("Package uploaded");
    }

    private void upload(UUID alliance, Form form) {
        FormPart file = form.file();
        String helper = form.text("helper").orElse("numpyhelper");
        if (!HelpersResource.NAMES.contains(helper)) {
            throw FednErrors.bad("helper must be one of " + String.join(", ", HelpersResource.NAMES) + ".");
        }
        String fileName = Optional.ofNullable(file.getSubmittedFileName()).orElse("package.tgz");
        String name = form.text("name").orElse(fileName);
        packages.describe(
                actor(),
                alliance,
                taken(alliance, name, fileName, file.path()),
                form.text("description").orElse(""),
                helper);
    }

    private UUID taken(UUID alliance, String name, String fileName, java.nio.file.Path archive) {
        try {
            return packages.upload(actor(), alliance, name, fileName, archive, true)
                    .id();
        } catch (Refusal refusal) {
            if (!refusal.code().equals("PACKAGE_EXISTS")) {
                throw refusal;
            }
            return packages.activate(
                            actor(),
                            alliance,
                            UUID.fromString(String.valueOf(refusal.members().get("id"))))
                    .id();
        }
    }

    @GET
    @Path("active")
    public JsonObject active() {
        return document(current()).json();
    }

    @PUT
    @Path("active")
    @Consumes(MediaType.APPLICATION_JSON)
    public JsonObject activate(JsonObject wish) {
        UUID alliance = alliance(Action.OPERATE);
        packages.activate(actor(), alliance, Ids.of(ClientsResource.text(wish, "id")));
        return FednErrors.message("Active package set");
    }

    @DELETE
    @Path("active")
    public JsonObject deactivate() {
        alliance(Action.OPERATE);
        throw FednErrors.notHere("An alliance that has a package has an active one; activate another instead.");
    }

    @GET
    @Path("download")
    @Produces(MediaType.WILDCARD)
    public Response download() {
        PackageView active = current();
        StreamingOutput content = out -> {
            try (InputStream in = blobs.open(new Digest(active.digest()), 0)) {
                in.transferTo(out);
            }
        };
        return Response.ok(content, MediaType.APPLICATION_OCTET_STREAM_TYPE)
                .header("Content-Disposition", "attachment; filename=" + active.fileName())
                .header("Content-Length", active.size())
                .build();
    }

    @GET
    @Path("checksum")
    public JsonObject checksum() {
        return new Document()
                .with("message", "Checksum created.")
                .with("checksum", current().digest())
                .json();
    }

    /** The active package, for members and for whoever may join. */
    private PackageView current() {
        UUID alliance = alliances.idFor(
                actor(), allianceName, actor().is(Actor.Kind.AGENT_JOIN) ? Action.JOIN_AS_CLIENT : Action.READ);
        return packages.active(actor(), alliance)
                .orElseThrow(() -> new WebApplicationException(FednErrors.answer(404, "No active package")));
    }

    private static Document document(PackageView view) {
        return new Document()
                .with("package_id", view.id())
                .with("name", view.name())
                .with("description", view.description())
                .with("file_name", view.fileName())
                .with("storage_file_name", view.fileName())
                .with("helper", view.helper())
                .with("active", view.active())
                .with("committed_at", view.createdAt())
                .with("updated_at", view.createdAt());
    }
}
