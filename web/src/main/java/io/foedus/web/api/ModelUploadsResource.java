package io.foedus.web.api;

import io.foedus.controller.blobs.Workplace;
import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.models.boundary.Models;
import io.foedus.controller.refusals.Refusal;
import io.foedus.core.blobs.BlobStore;
import io.foedus.core.models.Digest;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.UUID;

/** Seed models that arrive in pieces. */
@Path("alliances/{alliance}/models/uploads/{digest}")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class ModelUploadsResource extends AllianceScope {
    @Inject
    Models models;

    @Inject
    Workplace workplace;

    @Inject
    ControllerConfig config;

    @PathParam("digest")
    String name;

    /** How much of it is kept. */
    @HEAD
    public Response head() throws IOException {
        return Response.noContent()
                .header(
                        Piece.OFFSET,
                        workplace.uploads(alliance(Action.OPERATE)).partialBytes(digest()))
                .build();
    }

    /** The next piece; with the last one the answer is the model. */
    @PUT
    @Consumes("*/*")
    public Response put(
            @HeaderParam("Content-Range") String range,
            @QueryParam("name") String modelName,
            @QueryParam("format") String format,
            InputStream body)
            throws IOException {
        UUID alliance = alliance(Action.OPERATE);
        Digest digest = digest();
        BlobStore area = workplace.uploads(alliance);
        Response kept = Piece.of(range == null ? "" : range, config.limits().modelBytes())
                .appendTo(area, digest, body);
        if (kept.getStatus() != 201) {
            return kept;
        }
        try {
            return Response.status(201)
                    .entity(models.upload(actor(), alliance, modelName, format, area.file(digest)))
                    .build();
        } finally {
            area.delete(digest);
        }
    }

    private Digest digest() {
        try {
            return new Digest(name);
        } catch (IllegalArgumentException e) {
            throw Refusal.malformed("BAD_DIGEST", e.getMessage(), "Write the SHA-256 in hexadecimal.");
        }
    }
}
