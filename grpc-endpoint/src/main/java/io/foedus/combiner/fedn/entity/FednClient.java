package io.foedus.combiner.fedn.entity;

import java.util.UUID;

/**
 * A client of FEDn's.
 *
 * @param externalId the {@code client_id} that it was registered with
 * @param clientId what the controller calls it
 */
public record FednClient(String externalId, UUID clientId, String alliance, String name) {}
