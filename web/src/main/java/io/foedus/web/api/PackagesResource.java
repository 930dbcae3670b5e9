package io.foedus.web.api;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.listing.Page;
import io.foedus.controller.packages.boundary.PackageView;
import io.foedus.controller.packages.boundary.Packages;
import io.foedus.core.models.Digest;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.UUID;

/** Compute packages of an alliance. */
@Path("alliances/{alliance}/packages")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class PackagesResource extends AllianceScope {
    @Inject
    Packages packages;

    @Inject
    ControllerConfig config;

    @Inject
    BlobContent content;

    @GET
    public Page<PackageView> list() {
        return packages.list(actor(), alliance(Action.READ), page());
    }

    @POST
    @Consumes("*/*")
    public Response upload(
            @QueryParam("name") String name,
            @QueryParam("fileName") String fileName,
            @QueryParam("activate") @DefaultValue("true") boolean activate,
            InputStream body)
            throws IOException {
        UUID alliance = alliance(Action.OPERATE);
        try (ReceivedFile file = ReceivedFile.of(body, config, config.limits().packageBytes())) {
            return Response.status(201)
                    .entity(packages.upload(actor(), alliance, name, fileName, file.path(), activate))
                    .build();
        }
    }

    @GET
    @Path("{id}")
    public PackageView get(@PathParam("id") UUID id) {
        return packages.get(actor(), alliance(Action.READ), id);
    }

    @PUT
    @Path("{id}/active")
    public PackageView activate(@PathParam("id") UUID id) {
        return packages.activate(actor(), alliance(Action.OPERATE), id);
    }

    @GET
    @Path("{id}/content")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    public Response content(@PathParam("id") UUID id, @HeaderParam("Range") String range, @Context Request request)
            throws IOException {
        PackageView view = packages.get(actor(), alliance(Action.READ), id);
        return content.answer(new Digest(view.digest()), request, range, view.fileName());
    }

    @DELETE
    @Path("{id}")
    public void delete(@PathParam("id") UUID id) {
        packages.delete(actor(), alliance(Action.OPERATE), id);
    }
}
