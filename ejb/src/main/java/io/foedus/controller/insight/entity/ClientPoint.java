package io.foedus.controller.insight.entity;

import java.util.UUID;

/**
 * What one client measured of one round's model.
 *
 * @param clients how many clients measured it lately, those that are left out among them
 */
public record ClientPoint(UUID clientId, String client, int round, double value, int clients) {}
