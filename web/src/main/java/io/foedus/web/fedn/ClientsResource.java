package io.foedus.web.fedn;

import io.foedus.controller.clients.boundary.ClientView;
import io.foedus.controller.clients.boundary.Clients;
import io.foedus.controller.clients.boundary.Enrolment;
import io.foedus.controller.clients.boundary.JoinRequest;
import io.foedus.controller.clients.entity.ClientState;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.observations.boundary.Observations;
import io.foedus.controller.packages.boundary.Packages;
import io.foedus.controller.refusals.Refusal;
import io.foedus.web.problems.Problem;
import io.foedus.web.problems.Problems;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Clients: their list, and the call with which one asks for its place. */
@Path("{alliance}/api/v1/clients")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class ClientsResource extends FednCollection {
    private static final System.Logger LOG = System.getLogger(ClientsResource.class.getName());

    @Inject
    Clients clients;

    @Inject
    Enrolment enrolment;

    @Inject
    Packages packages;

    @Inject
    Observations observations;

    @Context
    HttpServletRequest request;

    @Override
    String key() {
        return "client_id";
    }

    @Override
    List<Document> documents(ListQuery query) {
        UUID alliance = alliance(Action.READ);
        return all(page -> clients.list(actor(), alliance, page)).stream()
                .map(ClientsResource::document)
                .toList();
    }

    @Override
    Optional<Document> find(String id) {
        return clients.called(actor(), alliance(Action.READ), id).map(ClientsResource::document);
    }

    /**
     * A client asks for its place. 0.33 understands 200, 203 (come back in three seconds), 400, 401 and 404; any other
     * status ends its process with a stack trace, so whatever passes by itself is 203.
     */
    @POST
    @Path("add")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response add(JsonObject wish) {
        try {
            UUID alliance = alliance(Action.JOIN_AS_CLIENT);
            String helper = "";
            if (isRemote(wish)) {
                var active = packages.active(actor(), alliance);
                if (active.isEmpty()) {
                    return comeBack("No compute package found. Set package in controller.");
                }
                if (active.get().fileName().endsWith(".zip")) {
                    throw FednErrors.bad("FEDn's client cannot unpack the package "
                            + active.get().fileName()
                            + "; upload it as tar.gz, or start the client with --local-package.");
                }
                helper = active.get().helper();
            }
            return Response.ok(assigned(wish, helper)).build();
        } catch (WebApplicationException told) {
            throw told;
        } catch (Refusal refusal) {
            return switch (refusal.kind()) {
                case UNAVAILABLE, THROTTLED -> comeBack(refusal.detail());
                case UNAUTHENTICATED -> FednErrors.answer(401, refusal.detail() + " " + refusal.remedy());
                case UNKNOWN -> FednErrors.answer(404, refusal.detail());
                default -> FednErrors.answer(400, refusal.detail() + " " + refusal.remedy());
            };
        } catch (RuntimeException e) {
            Problem problem = Problems.of(e);
            if (problem.status() < 500 && problem.status() != 409) {
                return FednErrors.answer(400, problem.sentence());
            }
            LOG.log(System.Logger.Level.WARNING, "a FEDn client cannot be placed now", e);
            return comeBack(problem.detail());
        }
    }

    private JsonObject assigned(JsonObject wish, String helper) {
        String id = text(wish, "client_id");
        if (id == null || !id.matches("[\\x21-\\x7e]{1,200}")) {
            throw Refusal.malformed(
                    "BAD_CLIENT_ID", "client_id must be 1 to 200 printable ASCII characters.", "Send such a one.");
        }
        String preferred = text(wish, "preferred_combiner");
        if (preferred == null || preferred.isBlank()) {
            preferred = text(wish, "combiner_preferred");
        }
        String name = text(wish, "name");
        Enrolment.Enrolled place = enrolment.enrol(
                actor(),
                new JoinRequest(name == null ? id : name, null, "fedn client", preferred, id, null),
                new Enrolment.Arrival(!isRemote(wish), request.getRemoteAddr()));
        return new Document()
                .with("status", "assigned")
                .with("host", place.host())
                .with("fqdn", place.tls() && place.port() == 443 ? place.host() : null)
                .with("package", isRemote(wish) ? "remote" : "local")
                .with("ip", "")
                .with("port", place.port())
                .with("helper_type", helper)
                .with("client_id", id)
                .json();
    }

    /** Whether it wants the alliance's package; FEDn takes local for granted. */
    private static boolean isRemote(JsonObject wish) {
        return "remote".equals(text(wish, "package"));
    }

    private static Response comeBack(String why) {
        return Response.status(203)
                .entity(new Document()
                        .with("success", false)
                        .with("status", "retry")
                        .with("message", why)
                        .json())
                .build();
    }

    @DELETE
    @Path("{id}")
    public JsonObject delete(@PathParam("id") String id) {
        clients.revoke(actor(), view(id).id());
        return FednErrors.message("Client with id: " + id + " deleted");
    }

    /**
     * What {@code APIClient.get_client_config} puts into a file for {@code fedn client start --init}. The whole address
     * is in {@code discover_host}: the client would append a port behind the path.
     */
    @GET
    @Path("config")
    public JsonObject config() {
        UUID alliance = alliance(Action.READ);
        return new Document()
                .with("network_id", allianceName)
                .with(
                        "discover_host",
                        uri.getBaseUriBuilder().path(allianceName).build().toString())
                .with("discover_port", null)
                .with(
                        "checksum",
                        packages.active(actor(), alliance)
                                .map(active -> active.digest())
                                .orElse(null))
                .json();
    }

    @GET
    @Path("{id}/attributes")
    public JsonObject attributes(@PathParam("id") String id) {
        return AttributesResource.current(observations, actor(), alliance(Action.READ), view(id))
                .json();
    }

    private ClientView view(String id) {
        return find(clients, actor(), alliance(Action.READ), id);
    }

    /** A client by its own id or by ours, or 404. */
    static ClientView find(Clients clients, Actor actor, UUID alliance, String id) {
        return clients.called(actor, alliance, id).orElseThrow(() -> FednErrors.unknown(id));
    }

    static boolean is(ClientView client, String id) {
        return id.equals(client.externalId()) || id.equals(client.id().toString());
    }

    private static Document document(ClientView client) {
        return new Document()
                .with("client_id", Node.clientId(client.id(), client.externalId()))
                .with("name", client.name())
                .with("combiner", client.combiner())
                .with("combiner_preferred", client.preferredCombiner())
                .with("ip", client.address())
                .with("status", status(client.state()))
                .with("last_seen", client.lastSeenAt())
                .with("package", client.ownProgram() ? "local" : "remote")
                .with("committed_at", client.createdAt())
                .with("updated_at", client.lastSeenAt() == null ? client.createdAt() : client.lastSeenAt());
    }

    private static String status(ClientState state) {
        return switch (state) {
            case REGISTERED -> "available";
            case ATTACHED -> "online";
            case DETACHED, REVOKED -> "offline";
        };
    }

    static String text(JsonObject object, String name) {
        return object != null && object.get(name) instanceof JsonString text ? text.getString() : null;
    }
}
