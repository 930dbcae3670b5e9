package io.foedus.controller.persistence;

import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;

/** Lets control classes inject the transaction's entity manager. */
@Dependent
public class EntityManagerSource {
    @Produces
    @PersistenceContext(unitName = "foedus")
    EntityManager entities;
}
