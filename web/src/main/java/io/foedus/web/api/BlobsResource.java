package io.foedus.web.api;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.identity.entity.AccessPolicy;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.packages.boundary.Packages;
import io.foedus.controller.refusals.Refusal;
import io.foedus.core.blobs.BlobStore;
import io.foedus.core.models.Digest;
import io.foedus.web.security.Caller;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;

/** Bytes by digest: everything for combiners, compute packages of their alliance for agents. */
@Path("blobs/{digest}")
@RequestScoped
public class BlobsResource {
    @Inject
    Caller caller;

    @Inject
    BlobStore blobs;

    @Inject
    BlobContent content;

    @Inject
    Packages packages;

    @Inject
    ControllerConfig config;

    @PathParam("digest")
    String name;

    @Context
    Request request;

    @GET
    public Response get(@HeaderParam("Range") String range) throws IOException {
        Digest digest = digest();
        requireReader(digest);
        return content.answer(digest, request, range, null);
    }

    @HEAD
    public Response head() throws IOException {
        Digest digest = digest();
        requireReader(digest);
        var size = blobs.bytes(digest);
        return size.isPresent()
                ? Response.ok()
                        .tag(digest.hex())
                        .header(HttpHeaders.CONTENT_LENGTH, size.getAsLong())
                        .build()
                : Response.status(404)
                        .header(Piece.OFFSET, blobs.partialBytes(digest))
                        .build();
    }

    /** The whole content, or the piece that {@code Content-Range} names, which begins where the kept bytes end. */
    @PUT
    @Consumes("*/*")
    public Response put(@HeaderParam("Content-Range") String piece, InputStream body) throws IOException {
        AccessPolicy.require(caller.actor(), Action.COMBINE);
        Digest digest = digest();
        if (blobs.has(digest)) {
            return Response.status(201).tag(digest.hex()).build();
        }
        if (piece == null) {
            blobs.put(digest, body, config.limits().partialBytes());
            return Response.status(201).tag(digest.hex()).build();
        }
        return Piece.of(piece, config.limits().partialBytes()).appendTo(blobs, digest, body);
    }

    private void requireReader(Digest digest) {
        Actor actor = caller.actor();
        if (actor.is(Actor.Kind.AGENT)) {
            if (!packages.has(actor, digest.hex())) {
                throw Refusal.unknown("blob", digest);
            }
        } else {
            AccessPolicy.require(actor, Action.COMBINE);
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
