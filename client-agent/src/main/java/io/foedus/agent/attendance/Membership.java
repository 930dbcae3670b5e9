package io.foedus.agent.attendance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.console.Json;
import io.foedus.agent.controller.ControllerClient;
import io.foedus.agent.controller.ControllerException;
import io.foedus.agent.state.Identity;
import io.foedus.agent.state.StateDirectory;
import io.foedus.core.Release;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** This agent's place in its alliance, as the controller knows it. Calls block; for the agent's main thread. */
public final class Membership {
    private static final System.Logger LOG = System.getLogger(Membership.class.getName());

    private final AgentSettings settings;
    private final StateDirectory state;
    private final ControllerClient controller;
    private final Supplier<String> joinToken;
    private volatile ControllerClient asAgent;
    private Optional<Identity> identity;

    /** @param joinToken asked only if this agent has no identity yet */
    public Membership(
            AgentSettings settings, StateDirectory state, ControllerClient controller, Supplier<String> joinToken) {
        this.settings = settings;
        this.state = state;
        this.controller = controller;
        this.joinToken = joinToken;
        this.identity = state.identity();
        this.asAgent = identity.map(i -> controller.withToken(i.agentToken())).orElse(controller);
        identity.ifPresent(this::requireSameController);
    }

    /** The controller called with the agent's own token. */
    public ControllerClient asAgent() {
        return asAgent;
    }

    /** Who this agent is, once it has joined. */
    public Optional<Identity> identity() {
        return identity;
    }

    /**
     * Joins if that has not happened yet, and asks for a combiner.
     *
     * @param exclude ids of combiners that are not wanted now
     * @throws ControllerException with 503 {@code NO_COMBINER} if there is none now
     */
    public Placement place(Collection<String> exclude) throws IOException {
        if (identity.isEmpty()) {
            return join();
        }
        ObjectNode body = described();
        exclude.forEach(body.putArray("exclude")::add);
        return Placement.of(asAgent.post("/api/clients/" + identity.get().clientId() + "/placements", body));
    }

    /** A fresh ticket. */
    public Placement renew() throws IOException {
        return place(List.of());
    }

    /** Joins, or finds out that an earlier attempt has worked whose answer never arrived. */
    private Placement join() throws IOException {
        boolean again = state.hasTriedToJoin();
        String own = state.ownToken();
        Optional<String> known = again ? clientOf(own) : Optional.empty();
        if (known.isPresent()) {
            become(known.get(), own);
            return place(List.of());
        }
        JsonNode answer = askToJoin(own);
        become(answer.path("clientId").asText(), answer.path("agentToken").asText(own));
        return answer.path("combiner").isObject() ? Placement.of(answer) : place(List.of());
    }

    private Optional<String> clientOf(String token) {
        try {
            JsonNode me = controller.withToken(token).get("/api/me");
            return Optional.of(me.path("id").asText()).filter(id -> !id.isEmpty());
        } catch (ControllerException e) {
            if (e.exitCode() == ExitCode.AUTHENTICATION) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private JsonNode askToJoin(String token) {
        ObjectNode body = described().put("name", settings.name()).put("agentToken", token);
        settings.preferredCombiner().ifPresent(name -> body.put("preferredCombiner", name));
        try {
            return controller.withToken(joinToken.get()).post("/api/clients", body);
        } catch (ControllerException e) {
            if (e.code().equals("CLIENT_EXISTS")) {
                throw new Failure(
                        ExitCode.CONFLICT,
                        "the alliance has a client named \"" + settings.name() + "\" and its identity is not in "
                                + state.root(),
                        "Use that client's --state-dir, give another --name, or revoke it with `foedus client revoke "
                                + settings.name() + "`.");
            }
            throw e;
        }
    }

    private void become(String clientId, String token) throws IOException {
        Identity joined = new Identity(
                UUID.fromString(clientId),
                token,
                settings.name(),
                controller.base().toString());
        state.remember(joined);
        identity = Optional.of(joined);
        asAgent = controller.withToken(token);
        LOG.log(System.Logger.Level.INFO, "joined name={0} client={1}", joined.name(), joined.clientId());
    }

    private ObjectNode described() {
        ObjectNode body = Json.object().put("program", "foedus-agent/" + Release.VERSION);
        ObjectNode labels = body.putObject("labels");
        settings.labels().forEach(labels::put);
        return body;
    }

    private void requireSameController(Identity known) {
        if (!known.controller().equals(controller.base().toString())) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "controller address changed from {0} to {1}",
                    known.controller(),
                    controller.base());
        }
        if (!known.name().equals(settings.name())) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "this state directory belongs to client {0}; --name {1} is not used",
                    known.name(),
                    settings.name());
        }
    }
}
