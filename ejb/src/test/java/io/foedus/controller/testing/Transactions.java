package io.foedus.controller.testing;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;

/** Transactions as a container gives them: one entity manager per transaction, bound to the thread. */
public final class Transactions {
    private final EntityManagerFactory factory;
    private final ThreadLocal<Deque<EntityManager>> stack = ThreadLocal.withInitial(ArrayDeque::new);
    private final EntityManager proxy = (EntityManager) Proxy.newProxyInstance(
            Transactions.class.getClassLoader(), new Class<?>[] {EntityManager.class}, (self, method, arguments) -> {
                try {
                    return method.invoke(current(), arguments);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            });

    public Transactions(EntityManagerFactory factory) {
        this.factory = factory;
    }

    /** The entity manager to inject: always that of the calling thread's transaction. */
    public EntityManager entities() {
        return proxy;
    }

    public boolean active() {
        return !stack.get().isEmpty();
    }

    /** Joins the thread's transaction or opens one. */
    public <T> T required(Callable<T> work) throws Exception {
        return active() ? work.call() : requiresNew(work);
    }

    /** Opens a transaction of its own; any exception rolls it back. */
    public <T> T requiresNew(Callable<T> work) throws Exception {
        EntityManager entities = factory.createEntityManager();
        stack.get().push(entities);
        try {
            entities.getTransaction().begin();
            T result = work.call();
            entities.getTransaction().commit();
            return result;
        } finally {
            if (entities.getTransaction().isActive()) {
                entities.getTransaction().rollback();
            }
            stack.get().pop();
            entities.close();
        }
    }

    private EntityManager current() {
        EntityManager entities = stack.get().peek();
        if (entities == null) {
            throw new IllegalStateException("no transaction on this thread");
        }
        return entities;
    }
}
