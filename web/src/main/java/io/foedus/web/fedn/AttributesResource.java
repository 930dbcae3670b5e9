package io.foedus.web.fedn;

import io.foedus.controller.clients.boundary.ClientView;
import io.foedus.controller.clients.boundary.Clients;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.listing.Query;
import io.foedus.controller.observations.boundary.Observations;
import io.foedus.controller.observations.boundary.Observations.Attribute;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What clients, or operators for them, say about themselves. */
@Path("{alliance}/api/v1/attributes")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class AttributesResource extends FednCollection {
    @Inject
    Observations observations;

    @Inject
    Clients clients;

    @Override
    String key() {
        return "attribute_id";
    }

    @Override
    List<Document> documents(ListQuery query) {
        UUID alliance = alliance(Action.READ);
        return all(page -> observations.attributes(actor(), alliance, page)).stream()
                .map(AttributesResource::document)
                .toList();
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response add(JsonObject attribute) {
        JsonObject sender = attribute.get("sender") instanceof JsonObject node ? node : null;
        String id = ClientsResource.text(sender, "client_id");
        if (id == null) {
            throw FednErrors.bad("Field sender.client_id is required");
        }
        UUID alliance = alliance(Action.OPERATE);
        ClientView client = ClientsResource.find(clients, actor(), alliance, id);
        Attribute set = observations.set(
                actor(),
                alliance,
                client.id(),
                ClientsResource.text(attribute, "key"),
                ClientsResource.text(attribute, "value"));
        return Response.status(201).entity(document(set).json()).build();
    }

    /** The latest value of each key, by client. */
    @POST
    @Path("current")
    @Consumes(MediaType.APPLICATION_JSON)
    public JsonObject current(JsonObject body) {
        if (!(body.get("client_ids") instanceof JsonArray ids)
                || !ids.stream().allMatch(JsonString.class::isInstance)) {
            throw FednErrors.bad("Missing required field: client_ids, a list of texts");
        }
        UUID alliance = alliance(Action.READ);
        List<ClientView> all = all(page -> clients.list(actor(), alliance, page));
        Document answer = new Document();
        for (JsonString id : ids.getValuesAs(JsonString.class)) {
            answer.with(
                    id.getString(),
                    all.stream()
                            .filter(client -> ClientsResource.is(client, id.getString()))
                            .findFirst()
                            .<Object>map(client -> current(observations, actor(), alliance, client))
                            .orElse("Entity with client_id: " + id.getString() + " not found"));
        }
        return answer.json();
    }

    /** The latest value of each key of a client. */
    static Document current(Observations observations, Actor actor, UUID alliance, ClientView client) {
        Map<String, String> latest = new LinkedHashMap<>();
        all(
                        Query.first(Query.MOST).where("client", client.id().toString()),
                        page -> observations.attributes(actor, alliance, page))
                .forEach(attribute -> latest.putIfAbsent(attribute.key(), attribute.value()));
        Document document = new Document();
        latest.forEach(document::with);
        return document;
    }

    private static Document document(Attribute attribute) {
        return new Document()
                .with("attribute_id", attribute.id())
                .with("key", attribute.key())
                .with("value", attribute.value())
                .with("timestamp", attribute.at())
                .with(
                        "sender",
                        Node.client(
                                attribute.client().clientId(),
                                attribute.client().externalId(),
                                attribute.client().name()))
                .with("committed_at", attribute.at())
                .with("updated_at", attribute.at());
    }
}
