package io.foedus.controller.testing;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.config.ControllerConfigReader;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.implementation.MethodDelegation;
import net.bytebuddy.implementation.bind.annotation.Origin;
import net.bytebuddy.implementation.bind.annotation.RuntimeType;
import net.bytebuddy.implementation.bind.annotation.SuperCall;
import net.bytebuddy.matcher.ElementMatchers;

/**
 * One controller's objects over a database: {@link #get} makes any of them, injects what it asks for by type, and wraps
 * the calls of a {@code @Stateless} bean into a transaction as its annotations say. Several over one database are
 * several controllers.
 */
public final class TestController implements AutoCloseable {
    private final Map<Class<?>, Object> objects = new LinkedHashMap<>();
    private final TestDatabase database;
    private final Transactions transactions;

    public TestController(TestDatabase database, Clock clock, Path data, Map<String, String> settings) {
        this.database = database;
        this.transactions = new Transactions(database.factory());
        Map<String, String> all = new LinkedHashMap<>();
        all.put("foedus.data", data.toString());
        all.put("foedus.db.url", database.url());
        all.put("foedus.db.user", "postgres");
        all.putAll(settings);
        with(ControllerConfig.class, ControllerConfigReader.read(key -> Optional.ofNullable(all.get(key))));
        with(Clock.class, clock);
        with(EntityManager.class, transactions.entities());
        with(DataSource.class, database.source());
        with(Executor.class, Runnable::run);
    }

    public TestController(TestDatabase database, Clock clock, Path data) {
        this(database, clock, data, Map.of());
    }

    /** Uses this object wherever its type is asked for. */
    public <T> TestController with(Class<T> type, T object) {
        objects.put(type, object);
        return this;
    }

    /** Makes it anew when it is asked for next. */
    public void forget(Class<?> type) {
        objects.remove(type);
    }

    public TestDatabase database() {
        return database;
    }

    public <T> T get(Class<T> type) {
        Object known = objects.get(type);
        return type.cast(known != null ? known : make(type));
    }

    /** Runs a test's own work in one transaction. */
    public <T> T transaction(Callable<T> work) {
        try {
            return transactions.requiresNew(work);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Object make(Class<?> type) {
        try {
            Class<?> made = type.isAnnotationPresent(Stateless.class) ? transactional(type) : type;
            var constructor = made.getDeclaredConstructor();
            constructor.setAccessible(true);
            Object object = constructor.newInstance();
            objects.put(type, object);
            for (Class<?> at = type; at != Object.class; at = at.getSuperclass()) {
                for (Field field : at.getDeclaredFields()) {
                    inject(object, field);
                }
            }
            for (Method method : type.getDeclaredMethods()) {
                if (method.isAnnotationPresent(jakarta.annotation.PostConstruct.class)) {
                    method.setAccessible(true);
                    method.invoke(object);
                }
            }
            return object;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make " + type, e);
        }
    }

    private void inject(Object object, Field field) throws IllegalAccessException {
        if (field.isAnnotationPresent(Inject.class)
                || field.isAnnotationPresent(PersistenceContext.class)
                || field.isAnnotationPresent(jakarta.ejb.EJB.class)
                || field.isAnnotationPresent(jakarta.annotation.Resource.class)) {
            field.setAccessible(true);
            field.set(object, field.getType() == Event.class ? events() : of(field.getType()));
        }
    }

    private Object of(Class<?> type) {
        for (Map.Entry<Class<?>, Object> known : objects.entrySet()) {
            if (type.isAssignableFrom(known.getKey()) || known.getKey().isAssignableFrom(type) && type.isInterface()) {
                if (type.isInstance(known.getValue())) {
                    return known.getValue();
                }
            }
        }
        return get(type);
    }

    /** Delivers to every observer among the objects made so far, at once. */
    private Event<?> events() {
        return (Event<?>) Proxy.newProxyInstance(
                TestController.class.getClassLoader(), new Class<?>[] {Event.class}, (self, method, arguments) -> {
                    if (method.getName().startsWith("fire")) {
                        deliver(arguments[0]);
                    }
                    return null;
                });
    }

    private void deliver(Object fact) throws ReflectiveOperationException {
        for (Map.Entry<Class<?>, Object> bean : Map.copyOf(objects).entrySet()) {
            for (Method method : bean.getKey().getDeclaredMethods()) {
                if (method.getParameterCount() > 0
                        && method.getParameters()[0].isAnnotationPresent(Observes.class)
                        && method.getParameterTypes()[0].isInstance(fact)) {
                    method.setAccessible(true);
                    method.invoke(bean.getValue(), fact);
                }
            }
        }
    }

    private Class<?> transactional(Class<?> type) {
        return new ByteBuddy()
                .subclass(type)
                .method(ElementMatchers.isPublic().and(ElementMatchers.isDeclaredBy(type)))
                .intercept(MethodDelegation.to(new Around()))
                .make()
                .load(type.getClassLoader(), net.bytebuddy.dynamic.loading.ClassLoadingStrategy.Default.INJECTION)
                .getLoaded();
    }

    /** What a container does around a business method. */
    public final class Around {
        @RuntimeType
        public Object call(@Origin Method method, @SuperCall Callable<?> work) throws Exception {
            try {
                TransactionAttribute own = method.getAnnotation(TransactionAttribute.class);
                TransactionAttribute attribute =
                        own != null ? own : method.getDeclaringClass().getAnnotation(TransactionAttribute.class);
                TransactionAttributeType type =
                        attribute == null ? TransactionAttributeType.REQUIRED : attribute.value();
                return switch (type) {
                    case REQUIRES_NEW -> transactions.requiresNew(work);
                    case REQUIRED, MANDATORY -> transactions.required(work);
                    case SUPPORTS, NOT_SUPPORTED, NEVER -> work.call();
                };
            } catch (InvocationTargetException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
