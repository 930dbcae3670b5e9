package io.foedus.agent.attendance;

import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.controller.ControllerException;
import io.foedus.agent.packages.PackageException;
import io.foedus.agent.packages.PackageStore;
import io.foedus.agent.processes.Cancellation;
import io.foedus.agent.training.TaskBook;
import io.foedus.agent.transfer.CombinerLink;
import io.foedus.agent.transfer.Retry;
import io.foedus.core.Release;
import io.foedus.core.liveness.Backoff;
import io.foedus.protocol.transfer.ProtocolVersion;
import io.foedus.protocol.v1.Hello;
import io.foedus.protocol.v1.Welcome;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An agent from start to end: {@link #run} blocks its thread until {@link #leave} is called from another, or until the
 * controller says that the agent is not welcome. A combiner or controller that is away is waited for.
 */
public final class Agent {
    private static final System.Logger LOG = System.getLogger(Agent.class.getName());
    /** A stay shorter than this is counted as a failure, so that a server that hangs up at once is not hammered. */
    private static final Duration REAL_STAY = Duration.ofSeconds(5);

    private final AgentSettings settings;
    private final Membership membership;
    private final PackageStore packages;
    private final TaskBook tasks;
    private final Function<Placement, ManagedChannel> dialer;
    private final Clock clock;
    private final Backoff backoff;
    private final CountDownLatch leaving = new CountDownLatch(1);
    private final CountDownLatch left = new CountDownLatch(1);
    private final Cancellation preparation = new Cancellation();
    private volatile AgentState state = AgentState.JOINING;
    private volatile @Nullable Attendance attendance;
    private volatile @Nullable Placement placement;
    private volatile String ticket = "";
    private String announcedLoss = "";

    /** @param dialer opens channels; {@link Dialer#dial} but in tests */
    public Agent(
            AgentSettings settings,
            Membership membership,
            PackageStore packages,
            TaskBook tasks,
            Function<Placement, ManagedChannel> dialer,
            Clock clock,
            RandomGenerator random) {
        this.settings = settings;
        this.membership = membership;
        this.packages = packages;
        this.tasks = tasks;
        this.dialer = dialer;
        this.clock = clock;
        this.backoff = Retry.backoff(random);
    }

    /** Lives the agent's life. */
    public ExitCode run() throws InterruptedException {
        try {
            Optional<String> avoid = Optional.empty();
            while (!isLeaving()) {
                Duration wait;
                try {
                    Placement next = place(avoid);
                    Attendance.Ending ending = attend(next);
                    avoid = next.combinerId().isEmpty() ? Optional.empty() : avoidAfter(ending, next);
                    wait = ending.reassigned().orElseGet(backoff::next);
                } catch (Failure e) {
                    wait = waitAfter(e);
                    avoid = Optional.empty();
                } catch (IOException e) {
                    lost("cannot use the state directory: " + e);
                    wait = backoff.next();
                }
                leaving.await(wait.toMillis(), TimeUnit.MILLISECONDS);
            }
            return ExitCode.OK;
        } finally {
            state = AgentState.LEFT;
            left.countDown();
        }
    }

    /**
     * Ends the agent from another thread, also from a shutdown hook: running work is ended, a finished result is
     * uploaded or stays in the state directory, the combiner is told.
     */
    public void leave(String reason) throws InterruptedException {
        state = AgentState.LEAVING;
        preparation.cancel(reason);
        LOG.log(System.Logger.Level.INFO, "leaving reason={0}", reason);
        boolean nothingLeft = tasks.leave(settings.leavePatience());
        if (!nothingLeft) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "an unacknowledged result stays in {0} for the next start",
                    settings.stateDirectory());
        }
        leaving.countDown();
        Attendance stay = attendance;
        if (stay != null) {
            stay.sayGoodbye(reason);
        }
        left.await(5, TimeUnit.SECONDS);
    }

    /** Where the agent is in its life. */
    public AgentState state() {
        boolean busy = state == AgentState.ATTENDING && !tasks.activity().equals("IDLE");
        return busy ? AgentState.TRAINING : state;
    }

    private boolean isLeaving() {
        return leaving.getCount() == 0;
    }

    /** Asks for a combiner; if no other one than the avoided can be had, that one. */
    private Placement place(Optional<String> avoid) throws IOException {
        try {
            return placed(membership.place(avoid.map(List::of).orElse(List.of())));
        } catch (ControllerException e) {
            if (avoid.isPresent() && e.code().equals("NO_COMBINER")) {
                return placed(membership.place(List.of()));
            }
            return lastOr(e);
        } catch (Failure e) {
            return lastOr(e);
        }
    }

    /** The combiner of before, while the controller, or what it needs, is away and the ticket still counts. */
    private Placement lastOr(Failure e) {
        Placement last = placement;
        boolean away = e.exitCode() == ExitCode.UNAVAILABLE || e.code().equals("DATABASE_UNAVAILABLE");
        if (away && last != null && clock.instant().isBefore(last.ticketExpiresAt())) {
            lost("the controller is away, dialling the last combiner again: " + e.sentence());
            return last;
        }
        throw e;
    }

    private Placement placed(Placement fresh) {
        ticket = fresh.ticket();
        placement = fresh;
        return fresh;
    }

    private Attendance.Ending attend(Placement at) throws InterruptedException {
        String packageDigest = at.packageDigest().filter(this::prepare).orElse("");
        ManagedChannel channel = dialer.apply(at);
        long start = System.nanoTime();
        try {
            CombinerLink link = new CombinerLink(channel, () -> ticket);
            Attendance stay = new Attendance(link, tasks);
            attendance = stay;
            if (isLeaving()) {
                stay.abandon();
            }
            Attendance.Ending ending = stay.attend(hello(packageDigest), said -> welcomed(at, said), this::renewTicket);
            if (state == AgentState.ATTENDING) {
                state = AgentState.JOINING;
            }
            if (System.nanoTime() - start > REAL_STAY.toNanos() && ending.welcomed()) {
                backoff.recovered();
            }
            if (!isLeaving()) {
                lost("the combiner " + at.combinerName() + " at " + at.host() + ":" + at.port() + " is gone: "
                        + describe(ending.status()));
            }
            return ending;
        } finally {
            attendance = null;
            if (isLeaving()) {
                // The goodbye is on its way.
                channel.shutdown().awaitTermination(2, TimeUnit.SECONDS);
            }
            channel.shutdownNow();
        }
    }

    private void welcomed(Placement at, Welcome said) {
        announcedLoss = "";
        if (state == AgentState.JOINING) {
            state = AgentState.ATTENDING;
        }
        LOG.log(
                System.Logger.Level.INFO,
                "attached combiner={0} address={1}:{2}",
                said.getCombinerName(),
                at.host(),
                Integer.toString(at.port()));
    }

    private boolean prepare(String digest) {
        try {
            packages.ready(digest, membership.asAgent(), preparation);
            return true;
        } catch (PackageException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the compute package {0} cannot be used: {1} {2}",
                    digest,
                    e.getMessage(),
                    e.log());
        } catch (IOException | Failure e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the compute package {0} cannot be fetched now: {1}",
                    digest,
                    e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** A connection that broke may come back; a combiner that refused or could not be reached is avoided next time. */
    private Optional<String> avoidAfter(Attendance.Ending ending, Placement at) {
        boolean brokeOnce = ending.welcomed() && ending.reassigned().isEmpty() && backoff.failures() == 0;
        boolean refusedTicket = ending.status().getCode() == Status.Code.UNAUTHENTICATED;
        return brokeOnce || refusedTicket ? Optional.empty() : Optional.of(at.combinerId());
    }

    /** What to do when the controller did not give a combiner: wait, or end if it said that it never will. */
    private Duration waitAfter(Failure e) {
        switch (e.exitCode()) {
            case AUTHENTICATION, CONFLICT, CONFIGURATION, INVALID, NOT_FOUND, USAGE -> throw e;
            default -> {
                lost(e.sentence());
                Duration asked = e instanceof ControllerException refused
                        ? refused.retryAfter().orElse(Duration.ZERO)
                        : Duration.ZERO;
                return backoff.next(asked.compareTo(Retry.PACE.earlyCap()) > 0 ? Retry.PACE.earlyCap() : asked);
            }
        }
    }

    /** Logs a loss once, until something else goes wrong or it works again. */
    private void lost(String what) {
        if (!what.equals(announcedLoss)) {
            announcedLoss = what;
            LOG.log(System.Logger.Level.WARNING, "{0}", what);
        }
    }

    /** A ticket is replaced a while before its end, without leaving the combiner. */
    private void renewTicket() {
        Placement present = placement;
        if (present != null && clock.instant().plus(Duration.ofHours(2)).isAfter(present.ticketExpiresAt())) {
            try {
                Placement fresh = membership.renew();
                ticket = fresh.ticket();
                placement = new Placement(
                        fresh.ticket(),
                        fresh.ticketExpiresAt(),
                        present.combinerId(),
                        present.combinerName(),
                        present.host(),
                        present.port(),
                        present.tls(),
                        fresh.packageDigest());
            } catch (IOException | Failure e) {
                LOG.log(System.Logger.Level.DEBUG, "the ticket is not renewed yet: {0}", e.getMessage());
            }
        }
    }

    private Hello hello(String packageDigest) {
        return Hello.newBuilder()
                .setProtocol(ProtocolVersion.CURRENT)
                .setClientId(membership.identity().orElseThrow().clientId().toString())
                .setName(membership.identity().orElseThrow().name())
                .setVersion(Release.VERSION)
                .putAllLabels(settings.labels())
                .setPackageDigest(packageDigest)
                .addAllHeldTasks(tasks.heldTasks())
                .setClockMillis(clock.millis())
                .build();
    }

    private static String describe(Status status) {
        return status.getDescription() == null
                ? status.getCode().name()
                : status.getCode() + " " + status.getDescription();
    }
}
