package io.foedus.controller.news.boundary;

import io.foedus.controller.news.entity.Changed;
import io.foedus.controller.news.entity.Topic;
import io.foedus.controller.persistence.Sql;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.UUID;

/** Tells of a change when the caller's transaction commits; if it rolls back nobody hears of it. */
@Stateless
public class News {
    public static final String CHANNEL = "foedus";

    @Inject
    EntityManager entities;

    @TransactionAttribute(TransactionAttributeType.MANDATORY)
    public void tell(Topic topic, UUID id) {
        Sql.of(entities, "SELECT CAST(pg_notify(:channel, :news) AS text)")
                .with("channel", CHANNEL)
                .with("news", new Changed(topic, id).text())
                .any();
    }
}
