package io.foedus.web.fedn;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.models.boundary.ModelView;
import io.foedus.controller.models.boundary.Models;
import io.foedus.controller.refusals.Refusal;
import io.foedus.core.blobs.BlobStore;
import io.foedus.core.models.Digest;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Models and their trail. */
@Path("{alliance}/api/v1/models")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class ModelsResource extends FednCollection {
    private static final int USUAL_TRAIL = 10;
    private static final Map<String, String> FORMATS =
            Map.of("numpyhelper", "npz", "binaryhelper", "raw", "androidhelper", "raw32");

    @Inject
    Models models;

    @Inject
    ControllerConfig config;

    @Inject
    BlobStore blobs;

    @Override
    String key() {
        return "model_id";
    }

    @Override
    List<Document> documents(ListQuery query) {
        return views().stream().map(ModelsResource::document).toList();
    }

    @Override
    Optional<Document> find(String id) {
        return one(id).map(ModelsResource::document);
    }

    /** All of them, without what clients measured. */
    private List<ModelView> views() {
        UUID alliance = alliance(Action.READ);
        return all(page -> models.list(actor(), alliance, "", page));
    }

    private Optional<ModelView> one(String id) {
        UUID alliance = alliance(Action.READ);
        return known(id, model -> models.get(actor(), model))
                .filter(model -> model.allianceId().equals(alliance));
    }

    /**
     * Uploads a seed model. One that is here already becomes the latest again: whoever sets an active model wants the
     * next session to begin with it.
     */
    @POST
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    public Response upload(@HeaderParam("Content-Type") String type, InputStream body) throws IOException {
        UUID alliance = alliance(Action.OPERATE);
        try (Form form = Form.of(type, body, config, config.limits().modelBytes())) {
            String format = form.text("helper").map(FORMATS::get).orElse(null);
            String name = form.text("name").orElse(null);
            models.upload(actor(), alliance, name, format, form.file().path());
        } catch (Refusal refusal) {
            if (!refusal.code().equals("MODEL_EXISTS")) {
                return Response.status(400)
                        .entity(new Document()
                                .with("success", false)
                                .with("message", refusal.detail() + " " + refusal.remedy())
                                .json())
                        .build();
            }
            models.renew(
                    actor(), UUID.fromString(String.valueOf(refusal.members().get("id"))));
        }
        return Response.ok(new Document()
                        .with("success", true)
                        .with("message", "Model added successfully")
                        .json())
                .build();
    }

    @GET
    @Path("{id}/download")
    @Produces(MediaType.WILDCARD)
    public Response download(@PathParam("id") String id) {
        ModelView model = models.download(actor(), view(id).id());
        StreamingOutput content = out -> {
            try (InputStream in = blobs.open(new Digest(model.digest()), 0)) {
                in.transferTo(out);
            }
        };
        return Response.ok(content, MediaType.APPLICATION_OCTET_STREAM_TYPE)
                .header("Content-Disposition", "attachment; filename=" + model.id())
                .header("Content-Length", model.size())
                .build();
    }

    /**
     * The model's parents, nearest first; {@code X-Reverse} turns the order round, {@code X-Limit} is 10 if not given.
     */
    @GET
    @Path("{id}/ancestors")
    public JsonArray ancestors(@PathParam("id") String id) {
        ModelView first = view(id);
        List<ModelView> line = new ArrayList<>(models.trail(actor(), first.id()));
        if (includesSelf()) {
            line.add(0, first);
        }
        List<ModelView> trail = line.subList(0, Math.min(limit(), line.size()));
        if ("true".equalsIgnoreCase(headers.getHeaderString("X-Reverse"))) {
            Collections.reverse(trail);
        }
        return array(trail);
    }

    /** What was trained from a model, oldest first. */
    @GET
    @Path("{id}/descendants")
    public JsonArray descendants(@PathParam("id") String id) {
        ModelView first = view(id);
        Set<UUID> family = new HashSet<>(Set.of(first.id()));
        List<ModelView> found = new ArrayList<>();
        List<ModelView> oldestFirst = new ArrayList<>(views());
        Collections.reverse(oldestFirst);
        for (ModelView model : oldestFirst) {
            if (model.parent() != null && family.contains(model.parent())) {
                family.add(model.id());
                found.add(model);
            }
        }
        if (includesSelf()) {
            found.add(0, first);
        }
        return array(found.subList(0, Math.min(limit(), found.size())));
    }

    /** Models that nothing was trained from. */
    @GET
    @Path("leaf-nodes")
    public JsonObject leaves() {
        List<ModelView> all = views();
        Set<UUID> parents = all.stream().map(ModelView::parent).collect(Collectors.toSet());
        List<Document> leaves = all.stream()
                .filter(model -> !parents.contains(model.id()))
                .map(ModelsResource::document)
                .toList();
        return ListQuery.of(headers, Map.of()).answer(leaves);
    }

    /** The numbers themselves; for looking at small models. */
    @GET
    @Path("{id}/parameters")
    public JsonObject parameters(@PathParam("id") String id) throws IOException {
        ModelView model = models.download(actor(), view(id).id());
        return Parameters.of(blobs.file(new Digest(model.digest())), model.format());
    }

    @GET
    @Path("active")
    public Response active() {
        return gone();
    }

    @PUT
    @Path("active")
    public Response activate() {
        return gone();
    }

    private static Response gone() {
        return FednErrors.answer(410, "There is no active model; the latest one is where a session begins.");
    }

    private ModelView view(String id) {
        return one(id).orElseThrow(() -> FednErrors.unknown(id));
    }

    private boolean includesSelf() {
        return "true".equalsIgnoreCase(uri.getQueryParameters().getFirst("include_self"));
    }

    private int limit() {
        int limit = ListQuery.positive(headers.getHeaderString("X-Limit"));
        return limit == 0 ? USUAL_TRAIL : limit;
    }

    private static JsonArray array(List<ModelView> models) {
        var array = Json.createArrayBuilder();
        models.forEach(model -> array.add(document(model).json()));
        return array.build();
    }

    private static Document document(ModelView model) {
        return new Document()
                .with("model_id", model.id())
                .with("model", model.id())
                .with("name", model.name())
                .with("parent_model", model.parent())
                .with("session_id", model.session())
                .with("committed_at", model.createdAt())
                .with("updated_at", model.createdAt());
    }
}
