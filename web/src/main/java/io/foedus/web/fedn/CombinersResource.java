package io.foedus.web.fedn;

import io.foedus.controller.clients.boundary.ClientView;
import io.foedus.controller.clients.boundary.Clients;
import io.foedus.controller.clients.entity.ClientState;
import io.foedus.controller.combiners.boundary.CombinerView;
import io.foedus.controller.combiners.boundary.Combiners;
import io.foedus.controller.identity.entity.Action;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The installation's combiners, with the clients of the alliance that they hold. */
@Path("{alliance}/api/v1/combiners")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class CombinersResource extends FednCollection {
    @Inject
    Combiners combiners;

    @Inject
    Clients clients;

    @Override
    String key() {
        return "combiner_id";
    }

    @Override
    List<Document> documents(ListQuery query) {
        alliance(Action.READ);
        return all(page -> combiners.list(actor(), page)).stream()
                .map(CombinersResource::document)
                .toList();
    }

    @Override
    Optional<Document> find(String id) {
        alliance(Action.READ);
        return known(id, combiner -> combiners.get(actor(), combiner)).map(CombinersResource::document);
    }

    @DELETE
    @Path("{id}")
    public JsonObject delete(@PathParam("id") String id) {
        throw FednErrors.notHere("A combiner leaves by being drained, not by being deleted from the list.");
    }

    /** How many clients each of some combiners holds; combiners by id or name. */
    @POST
    @Path("clients/count")
    @Consumes(MediaType.APPLICATION_JSON)
    public JsonObject clientsCount(JsonObject body) {
        String wanted = ClientsResource.text(body, "combiners");
        if (wanted == null) {
            throw FednErrors.bad("Missing combiners parameter.");
        }
        UUID alliance = alliance(Action.READ);
        List<ClientView> all = all(page -> clients.list(actor(), alliance, page));
        List<Document> counts = Arrays.stream(wanted.split(","))
                .map(combiner -> new Document()
                        .with("combiner", combiner)
                        .with(
                                "count",
                                all.stream()
                                        .filter(client -> client.state() == ClientState.ATTACHED
                                                && (combiner.equals(client.combiner())
                                                        || combiner.equals(String.valueOf(client.combinerId()))))
                                        .count()))
                .toList();
        return new Document().with("result", counts).json();
    }

    private static Document document(CombinerView combiner) {
        return new Document()
                .with("combiner_id", combiner.id())
                .with("name", combiner.name())
                .with("address", combiner.host())
                .with("fqdn", combiner.tls() ? combiner.host() : null)
                .with("ip", null)
                .with("parent", Node.controller())
                .with("port", combiner.port())
                .with("committed_at", combiner.createdAt())
                .with("updated_at", combiner.lastSeenAt());
    }
}
