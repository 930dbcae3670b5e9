package io.foedus.core.exchange;

import java.util.UUID;

/** A client that the controller knows by a FEDn {@code client_id}. */
public record KnownClient(UUID clientId, String alliance, String name) {}
