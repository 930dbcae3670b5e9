package io.foedus.combiner.server.boundary;

import io.foedus.combiner.Combiner;
import io.foedus.combiner.configuration.CombinerConfig;
import io.foedus.combiner.configuration.ConfigReader;
import io.foedus.combiner.liveness.MonotonicClock;
import io.foedus.combiner.uplink.control.HttpController;
import io.foedus.combiner.uplink.control.RestCall;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorDefinition;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorDefinition;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * Starts the combiner with the application and ends it before. A combiner that cannot start says why and makes the
 * deployment fail, so that no half of it stays up.
 */
@ApplicationScoped
@ManagedExecutorDefinition(name = CombinerLifecycle.CALLS, maxAsync = 32)
@ManagedExecutorDefinition(name = CombinerLifecycle.WORKERS, maxAsync = 16)
@ManagedScheduledExecutorDefinition(name = CombinerLifecycle.TIMER, maxAsync = 2)
public class CombinerLifecycle {
    static final String CALLS = "java:module/concurrent/foedus-calls";
    static final String WORKERS = "java:module/concurrent/foedus-workers";
    static final String TIMER = "java:module/concurrent/foedus-timer";

    private static final Logger LOG = System.getLogger(CombinerLifecycle.class.getName());

    @Resource(lookup = CALLS)
    ManagedExecutorService calls;

    @Resource(lookup = WORKERS)
    ManagedExecutorService workers;

    @Resource(lookup = TIMER)
    ManagedScheduledExecutorService timer;

    private @Nullable Combiner combiner;
    private @Nullable CombinerServer server;

    void start(@Observes Startup event) throws IOException {
        Config source = ConfigProvider.getConfig();
        CombinerConfig config = ConfigReader.read(key -> source.getOptionalValue(key, String.class));
        HttpController controller = new HttpController(new RestCall(config.controllerUrl()));
        Clock wall = Clock.systemUTC();
        Combiner assembled = new Combiner(config, controller, workers, timer, wall, new MonotonicClock(wall));
        CombinerServer listening = new CombinerServer(config, assembled.services(), calls);
        assembled.start(listening.port());
        combiner = assembled;
        server = listening;
        LOG.log(
                Level.INFO,
                "Combiner {0} listens on {1}:{2}, its controller is {3}.",
                config.name(),
                config.bind(),
                String.valueOf(listening.port()),
                config.controllerUrl());
    }

    void stop(@Observes Shutdown event) {
        if (combiner != null) {
            combiner.close();
        }
        if (server != null) {
            server.close();
        }
    }

    /** Whether agents can work with it. */
    public boolean ready() {
        return combiner != null && combiner.ready();
    }

    /** How many agents are attached. */
    public int attached() {
        return combiner == null ? 0 : combiner.attached();
    }

    /** The port that agents dial, 0 before it is bound. */
    public int port() {
        return server == null ? 0 : server.port();
    }
}
