package io.foedus.controller.insight.boundary;

import io.foedus.controller.identity.entity.AccessPolicy;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.identity.entity.Role;
import io.foedus.controller.insight.control.Rows;
import io.foedus.controller.news.entity.Changed;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Who may hear of a change: whoever may see the alliance it happened in, now. */
@Stateless
public class Audience {
    @Inject
    EntityManager entities;

    /**
     * A change with those who may hear of it.
     *
     * @param alliance where it happened, null if it concerns the whole installation
     * @param session the one session that it is about, null if it is about none or several
     * @param accounts ids of accounts
     */
    public record Hearing(UUID alliance, UUID session, List<UUID> accounts) {}

    /** @param listening ids of accounts that would like to hear */
    public Hearing of(Changed news, Collection<UUID> listening) {
        if (listening.isEmpty()) {
            return new Hearing(null, null, List.of());
        }
        return switch (news.topic()) {
            case COMBINER -> new Hearing(null, null, List.copyOf(listening));
            case CLIENTS, MODELS, EVENTS -> inside(news.id(), null, listening);
            case SESSION ->
                alliance("SELECT alliance_id, id FROM session WHERE id = CAST(?1 AS uuid)", news, listening);
            case ROUND, UPDATES, VALIDATIONS ->
                alliance(
                        "SELECT s.alliance_id, s.id FROM round r JOIN session s ON s.id = r.session_id"
                                + " WHERE r.id = CAST(?1 AS uuid)",
                        news,
                        listening);
        };
    }

    private Hearing alliance(String sql, Changed news, Collection<UUID> listening) {
        return Rows.of(entities, sql, row -> inside(row.id(0), row.id(1), listening), news.id()).stream()
                .findFirst()
                .orElse(new Hearing(null, null, List.of()));
    }

    private Hearing inside(UUID alliance, UUID session, Collection<UUID> listening) {
        List<UUID> permitted = Rows.of(
                        entities,
                        "SELECT a.id, a.name, a.admin, m.role FROM account a LEFT JOIN member m ON m.account_id = a.id"
                                + " AND m.alliance_id = CAST(?1 AS uuid) WHERE NOT a.disabled"
                                + " AND CAST(a.id AS text) = ANY (string_to_array(?2, ','))",
                        row -> Actor.account(
                                row.id(0),
                                row.text(1),
                                row.yes(2),
                                row.text(3) == null ? Map.of() : Map.of(alliance, Role.valueOf(row.text(3))),
                                null),
                        alliance,
                        listening.stream().map(UUID::toString).collect(Collectors.joining(",")))
                .stream()
                .filter(actor -> AccessPolicy.permits(actor, Action.READ, alliance))
                .map(Actor::id)
                .toList();
        return new Hearing(alliance, session, permitted);
    }
}
