package io.foedus.controller.news.boundary;

import io.foedus.controller.news.entity.Changed;
import io.foedus.controller.news.entity.Topic;
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
        entities.createNativeQuery("SELECT pg_notify(?1, ?2)::text, 1")
                .setParameter(1, CHANNEL)
                .setParameter(2, new Changed(topic, id).text())
                .getSingleResult();
    }
}
