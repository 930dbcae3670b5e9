package io.foedus.controller.news.boundary;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.news.control.NewsConnection;
import io.foedus.controller.news.entity.Changed;
import io.foedus.controller.news.entity.NewsMissed;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.time.Clock;

/**
 * Listens as long as this controller lives and fires {@link Changed} and {@link NewsMissed}, both to synchronous and to
 * asynchronous observers, in the order of the commits.
 */
@Singleton
@Startup
@DependsOn("Schema")
@TransactionManagement(TransactionManagementType.BEAN)
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
public class NewsListener {
    private static final System.Logger LOG = System.getLogger(NewsListener.class.getName());

    @Resource
    ManagedThreadFactory threads;

    @Inject
    ControllerConfig config;

    @Inject
    Clock clock;

    @Inject
    Event<Changed> changed;

    @Inject
    Event<NewsMissed> missed;

    private NewsConnection connection;

    @PostConstruct
    void listen() {
        connection = new NewsConnection(
                config.database(),
                News.CHANNEL,
                news -> fire(changed, news),
                () -> fire(missed, new NewsMissed(clock.instant())));
        Thread thread = threads.newThread(connection);
        thread.setName("foedus-news");
        thread.setDaemon(true);
        thread.start();
    }

    private static <T> void fire(Event<T> event, T fact) {
        try {
            event.fireAsync(fact);
            event.fire(fact);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "an observer of " + fact + " failed", e);
        }
    }

    @PreDestroy
    void stop() {
        connection.close();
    }
}
