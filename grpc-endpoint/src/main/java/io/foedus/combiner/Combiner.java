package io.foedus.combiner;

import io.foedus.combiner.agents.boundary.Patience;
import io.foedus.combiner.agents.boundary.TicketInterceptor;
import io.foedus.combiner.agents.boundary.UnreadableMessages;
import io.foedus.combiner.agents.control.AgentRegistry;
import io.foedus.combiner.agents.control.Attendance;
import io.foedus.combiner.agents.control.Openings;
import io.foedus.combiner.agents.control.TicketCheck;
import io.foedus.combiner.agents.entity.Agent;
import io.foedus.combiner.agents.entity.AgentChannel.Ending;
import io.foedus.combiner.collection.control.CarriedWork;
import io.foedus.combiner.collection.control.Collections;
import io.foedus.combiner.collection.control.CombinerContext;
import io.foedus.combiner.collection.control.Ledger;
import io.foedus.combiner.collection.control.Turns;
import io.foedus.combiner.configuration.CombinerConfig;
import io.foedus.combiner.federation.boundary.FederationCalls;
import io.foedus.combiner.federation.boundary.Reception;
import io.foedus.combiner.fedn.boundary.FednClients;
import io.foedus.combiner.fedn.boundary.FednServices;
import io.foedus.combiner.models.control.ModelCache;
import io.foedus.combiner.spool.control.Spool;
import io.foedus.combiner.spool.control.SpoolSpace;
import io.foedus.combiner.spool.control.Uploads;
import io.foedus.combiner.uplink.control.Controller;
import io.foedus.combiner.uplink.control.IdentityFile;
import io.foedus.combiner.uplink.control.JoinToken;
import io.foedus.combiner.uplink.control.Notices;
import io.foedus.combiner.uplink.control.Registrar;
import io.foedus.combiner.uplink.control.Uplink;
import io.foedus.core.Release;
import io.foedus.core.exchange.Heartbeat;
import io.foedus.core.exchange.Introduction;
import io.foedus.core.exchange.Membership;
import io.foedus.core.exchange.Orders;
import io.foedus.core.exchange.Severity;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A whole combiner but for its port: everything is put together here, by constructors. Give {@link #services} to a gRPC
 * server, then {@link #start} with the port that it listens on.
 */
public final class Combiner implements AutoCloseable {
    /** What the combiner calls itself towards the controller. */
    public static final String PROGRAM = "foedus-combiner/" + Release.VERSION;

    private static final Logger LOG = System.getLogger(Combiner.class.getName());
    private static final long CHECK_MILLIS = 500;
    /** Shares that are folded and sent at once: fewer than there are workers, whom everything else needs too. */
    private static final int CLOSINGS = 6;

    private static final String TRUSTING = "FEDn clients come in without a token from any machine that reaches this"
            + " combiner, by their id alone (foedus.combiner.fedn-plaintext)";
    private static final Duration KEPT_UPLOADS = Duration.ofDays(1);

    private final CombinerConfig config;
    private final ScheduledExecutorService timer;
    private final Executor workers;
    private final SpoolSpace space;
    private final Clock wall;
    private final Uploads uploads;
    private final Uplink uplink;
    private final AgentRegistry registry;
    private final TicketCheck tickets;
    private final Attendance attendance;
    private final Patience patience;
    private final Notices notices;
    private final Ledger ledger;
    private final Collections collections;
    private final FednClients fednClients;
    private final List<ServerServiceDefinition> services;
    private volatile int port;
    private volatile boolean draining;
    private volatile boolean stopped;
    private @Nullable ScheduledFuture<?> checking;
    private @Nullable ScheduledFuture<?> tidying;

    /**
     * @param workers for what takes long: transfers to the controller, checks, folds
     * @param timer wakes; what it wakes runs on the workers
     * @param wall what tickets' ends are compared with
     * @param clock for leases and deadlines; never goes back
     * @throws IOException if the spool cannot be used
     */
    public Combiner(
            CombinerConfig config,
            Controller controller,
            Executor workers,
            ScheduledExecutorService timer,
            Clock wall,
            Clock clock)
            throws IOException {
        this.config = config;
        this.timer = timer;
        this.workers = workers;
        this.wall = wall;
        Spool spool = new Spool(config.spoolDir()).create();
        this.space = new SpoolSpace(spool.root(), config.spoolReserveBytes());
        Registrar registrar =
                new Registrar(controller, new IdentityFile(spool.root()), new JoinToken(config.joinTokenFile()));
        this.uplink = new Uplink(controller, registrar, this::self, this::pulse, this::registered, this::heard, clock);
        this.registry = new AgentRegistry(clock, config.capacity(), config.clientLease());
        this.tickets = new TicketCheck(wall);
        this.attendance = new Attendance(registry, uplink, timer, workers);
        this.ledger = new Ledger(spool.ledger());
        this.patience = new Patience(clock, config.transferIdle(), config.uploadBytesPerSecond());
        this.notices = new Notices(uplink, timer, workers, clock);
        this.uploads = new Uploads(spool.uploads(), space, config.concurrentUploads());
        ModelCache models = new ModelCache(spool.models(), config.modelCacheBytes(), uplink, workers);
        this.collections = new Collections(new CombinerContext(
                config,
                registry,
                attendance,
                uplink,
                notices,
                models,
                spool,
                uploads,
                ledger,
                new CarriedWork(registry, attendance, models, uploads, ledger),
                timer,
                workers,
                new Turns(CLOSINGS),
                clock,
                clock.instant()));
        Openings openings = new Openings(notices, clock);
        Reception reception = new Reception(
                config,
                uplink,
                registry,
                attendance,
                tickets,
                collections,
                notices,
                patience,
                openings,
                clock,
                () -> draining);
        List<ServerServiceDefinition> offered = new ArrayList<>();
        offered.add(ServerInterceptors.intercept(
                new FederationCalls(reception, collections, uploads), new TicketInterceptor(tickets)));
        this.fednClients = new FednClients(
                uplink,
                registry,
                collections,
                tickets,
                openings,
                notices,
                clock,
                config.name(),
                config.fednPlaintext(),
                config.fednLocal());
        if (config.fedn()) {
            offered.addAll(FednServices.of(fednClients, registry, attendance, collections, uploads, notices, patience));
        }
        this.services = offered.stream().map(UnreadableMessages::refusedBy).toList();
        trustKnownKey(registrar);
    }

    /** Agents of an earlier run may come back before the controller does. */
    private void trustKnownKey(Registrar registrar) throws IOException {
        Membership known = registrar.known().orElse(null);
        if (known != null) {
            tickets.trust(known.publicKey());
        }
    }

    /** What the gRPC server has to serve. */
    public List<ServerServiceDefinition> services() {
        return services;
    }

    /** Dials the controller. */
    public void start(int listeningOn) {
        port = listeningOn;
        if (trusting()) {
            LOG.log(Level.WARNING, TRUSTING);
            notices.event(Severity.WARNING, "FEDN_PLAINTEXT", TRUSTING, null, null);
        }
        checking = timer.scheduleWithFixedDelay(this::checkSoon, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
        tidying = timer.scheduleWithFixedDelay(() -> workers.execute(this::tidy), 0, 1, TimeUnit.HOURS);
        uplink.start();
    }

    private void checkSoon() {
        try {
            workers.execute(this::check);
        } catch (Throwable e) { // a task that throws is never scheduled again
            LOG.log(Level.ERROR, "The shares were not looked at; they will be at the next check", e);
        }
    }

    /** Files of tasks that are long over, which no collection has taken or thrown away. */
    private void tidy() {
        try {
            uploads.forget(wall.instant().minus(KEPT_UPLOADS));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Cannot remove old uploads: {0}", e.toString());
        }
    }

    private void check() {
        patience.check();
        fednClients.sweep();
        collections.check();
    }

    /** Whether the port is bound and the controller answered lately. */
    public boolean ready() {
        return port > 0 && !stopped && uplink.alive();
    }

    public int attached() {
        return registry.count();
    }

    private Introduction self() {
        return new Introduction(
                config.name(),
                config.advertisedHost(),
                config.advertisedPort() == 0 ? port : config.advertisedPort(),
                config.tls(),
                config.capacity(),
                Map.copyOf(config.labels()),
                PROGRAM);
    }

    private Heartbeat pulse(Membership me, long seen) {
        return new Heartbeat(
                me.epoch(), seen, registry.count(), collections.mostBusySinceAsked(), load(), collections.progress());
    }

    /** Whether clients may come in from beyond this machine without a credential. */
    private boolean trusting() {
        return config.fedn() && config.fednPlaintext() && !config.tls();
    }

    private Map<String, Object> load() {
        Runtime runtime = Runtime.getRuntime();
        Map<String, Object> load = new HashMap<>(notices.load());
        load.put("uploadsWaiting", uploads.waiting());
        load.put("heapBytes", runtime.totalMemory() - runtime.freeMemory());
        load.put("heapMaxBytes", runtime.maxMemory());
        load.put("fednPlaintext", trusting());
        load.put(
                "systemLoad",
                java.lang.management.ManagementFactory.getOperatingSystemMXBean()
                        .getSystemLoadAverage());
        try {
            load.put("spoolFreeBytes", space.free());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "Cannot measure the spool: {0}", e.toString());
        }
        return load;
    }

    private void registered(Membership membership) {
        try {
            tickets.trust(membership.publicKey());
        } catch (IOException e) {
            LOG.log(Level.ERROR, e.getMessage());
        }
        attendance.tellEverything();
    }

    private void heard(Orders news) {
        for (UUID client : news.revoked()) {
            tickets.revoke(client);
            collections.revoke(client);
        }
        collections.reconcile(news);
        draining = news.draining();
        if (draining && collections.idle()) {
            collections.drain();
        }
    }

    /** Lets everything go; what is on the disk is enough to go on later. */
    @Override
    public void close() {
        stopped = true;
        if (checking != null) {
            checking.cancel(false);
        }
        if (tidying != null) {
            tidying.cancel(false);
        }
        for (Agent agent : registry.all()) {
            agent.channel().close(Ending.STOPPING, "this combiner stops");
        }
        uplink.close();
        try {
            ledger.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "Cannot close the ledger: {0}", e.toString());
        }
    }
}
