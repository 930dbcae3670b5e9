package io.foedus.web.api;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.listing.Page;
import io.foedus.controller.listing.Query;
import io.foedus.controller.models.boundary.ManifestView;
import io.foedus.controller.models.boundary.ModelView;
import io.foedus.controller.models.boundary.Models;
import io.foedus.controller.validation.boundary.ValidationView;
import io.foedus.core.models.Digest;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
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

/** Seed models and the model trail of an alliance. */
@Path("alliances/{alliance}/models")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class ModelsResource extends AllianceScope {
    @Inject
    Models models;

    @Inject
    ControllerConfig config;

    @Inject
    BlobContent content;

    @GET
    public Page<ModelView> list(@QueryParam("session") String session) {
        return models.list(actor(), alliance(Action.READ), page().where("sessionId", session));
    }

    @POST
    @Consumes("*/*")
    public Response upload(@QueryParam("name") String name, @QueryParam("format") String format, InputStream body)
            throws IOException {
        UUID alliance = alliance(Action.OPERATE);
        try (ReceivedFile file = ReceivedFile.of(body, config, config.limits().modelBytes())) {
            return Response.status(201)
                    .entity(models.upload(actor(), alliance, name, format, file.path()))
                    .build();
        }
    }

    @GET
    @Path("{id}")
    public ModelView get(@PathParam("id") UUID id) {
        return models.get(actor(), id);
    }

    @GET
    @Path("{id}/content")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    public Response content(@PathParam("id") UUID id, @HeaderParam("Range") String range, @Context Request request)
            throws IOException {
        ModelView model = models.download(actor(), id);
        return content.answer(new Digest(model.digest()), request, range, model.name() + "." + model.format());
    }

    @GET
    @Path("{id}/manifest")
    public ManifestView manifest(@PathParam("id") UUID id) {
        return models.manifest(actor(), id);
    }

    /** The bytes of an update or partial that the model's manifest names, if they were kept. */
    @GET
    @Path("{id}/inputs/{digest}")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    public Response input(
            @PathParam("id") UUID id,
            @PathParam("digest") String digest,
            @HeaderParam("Range") String range,
            @Context Request request)
            throws IOException {
        return content.answer(models.input(actor(), id, digest), request, range, digest);
    }

    @GET
    @Path("{id}/validations")
    public Page<ValidationView> validations(@PathParam("id") UUID id) {
        return models.validations(actor(), id, page());
    }

    @GET
    @Path("{id}/trail")
    public Page<ModelView> trail(@PathParam("id") UUID id) {
        return Page.of(models.trail(actor(), id), limit == null ? Query.first(Query.MOST) : page());
    }
}
