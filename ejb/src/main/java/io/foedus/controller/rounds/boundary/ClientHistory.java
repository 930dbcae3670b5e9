package io.foedus.controller.rounds.boundary;

import io.foedus.controller.clients.boundary.ClientView;
import io.foedus.controller.clients.boundary.Clients;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.listing.Query;
import io.foedus.controller.participation.boundary.UpdateView;
import io.foedus.controller.participation.boundary.Updates;
import io.foedus.controller.validation.boundary.ValidationView;
import io.foedus.controller.validation.boundary.Validations;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;

/** A client with what it did last. */
@Stateless
public class ClientHistory {
    @Inject
    Clients clients;

    @Inject
    Updates updates;

    @Inject
    Validations validations;

    /** A client, its last updates and its last validations, newest first. */
    public record ClientStory(ClientView client, List<UpdateView> updates, List<ValidationView> validations) {}

    public ClientStory of(Actor actor, UUID client) {
        ClientView view = clients.get(actor, client);
        return new ClientStory(view, updates.ofClient(client, Query.USUAL), validations.ofClient(client, Query.USUAL));
    }
}
