package io.foedus.controller.insight.boundary;

import io.foedus.controller.identity.entity.AccessPolicy;
import io.foedus.controller.identity.entity.Action;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.identity.entity.Role;
import io.foedus.controller.news.entity.Changed;
import io.foedus.controller.persistence.Sql;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

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
            case SESSION -> inside("SELECT alliance_id, id FROM session WHERE id = :id", news, listening);
            case ROUND, UPDATES, VALIDATIONS -> inside("""
                    SELECT s.alliance_id, s.id FROM round r JOIN session s ON s.id = r.session_id WHERE r.id = :id
                    """, news, listening);
        };
    }

    private Hearing inside(String allianceAndSession, Changed news, Collection<UUID> listening) {
        return Sql.of(entities, allianceAndSession)
                .with("id", news.id())
                .first(row -> inside(row.id(0), row.id(1), listening))
                .orElse(new Hearing(null, null, List.of()));
    }

    private Hearing inside(UUID alliance, UUID session, Collection<UUID> listening) {
        List<UUID> permitted = accounts(alliance, listening).stream()
                .filter(actor -> AccessPolicy.permits(actor, Action.READ, alliance))
                .map(Actor::id)
                .toList();
        return new Hearing(alliance, session, permitted);
    }

    /** Who they are in the alliance, without those that are disabled. */
    private List<Actor> accounts(UUID alliance, Collection<UUID> ids) {
        return Sql.of(entities, """
                        SELECT a.id, a.name, a.admin, m.role
                        FROM account a LEFT JOIN member m ON m.account_id = a.id AND m.alliance_id = :alliance
                        WHERE NOT a.disabled AND a.id IN (SELECT CAST(value AS uuid) FROM jsonb_array_elements_text(:ids))
                        """)
                .with("alliance", alliance)
                .withJson("ids", ids)
                .list(row -> Actor.account(
                        row.id(0),
                        row.text(1),
                        row.yes(2),
                        row.text(3) == null ? Map.of() : Map.of(alliance, row.one(Role.class, 3)),
                        null));
    }
}
