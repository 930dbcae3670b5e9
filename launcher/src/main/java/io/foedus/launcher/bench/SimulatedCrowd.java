package io.foedus.launcher.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.console.Json;
import io.foedus.agent.controller.ControllerClient;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Many simulated clients over few threads: two event loops carry all connections, one thread beats all hearts, eight
 * join.
 */
final class SimulatedCrowd implements SimulatedClient.Crowd, AutoCloseable {
    private static final int JOINING_AT_ONCE = 8;
    /** How many connections may be on their way at once, so that the listener's backlog is not the measure. */
    private static final int ATTACHING_AT_ONCE = 256;

    private static final long HEARTBEAT_SECONDS = 10;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final ScheduledExecutorService hearts = Executors.newSingleThreadScheduledExecutor();
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
    private final Semaphore attaching = new Semaphore(ATTACHING_AT_ONCE);
    private final CountDownLatch attached;
    private final AtomicInteger lost = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> firstLoss = new AtomicReference<>();
    private final AtomicLong down = new AtomicLong();
    private final AtomicLong up = new AtomicLong();
    private final int count;
    private final SimulatedUpdate.Common common;
    private volatile boolean closing;

    /** @param model what clients send updates of */
    SimulatedCrowd(int count, byte[] model) {
        this.count = count;
        this.common = new SimulatedUpdate.Common(model);
        this.attached = new CountDownLatch(count);
    }

    /** Lets all join the alliance of the token; blocks. */
    List<SimulatedClient.Seat> join(ControllerClient anonymous, String joinToken) throws InterruptedException {
        ExecutorService joining = Executors.newFixedThreadPool(JOINING_AT_ONCE);
        try {
            ControllerClient controller = anonymous.withToken(joinToken);
            List<Future<SimulatedClient.Seat>> answers = new ArrayList<>();
            for (int i = 1; i <= count; i++) {
                String name = "simulated-" + i;
                answers.add(joining.submit(() -> joined(controller, name)));
            }
            List<SimulatedClient.Seat> seats = new ArrayList<>();
            for (Future<SimulatedClient.Seat> answer : answers) {
                seats.add(answer.get());
                numbers.put(seats.get(seats.size() - 1).clientId(), seats.size());
            }
            return seats;
        } catch (java.util.concurrent.ExecutionException e) {
            throw e.getCause() instanceof Failure failure ? failure : new IllegalStateException(e.getCause());
        } finally {
            joining.shutdownNow();
        }
    }

    private static SimulatedClient.Seat joined(ControllerClient controller, String name) {
        JsonNode answer =
                controller.post("/api/clients", Json.object().put("name", name).put("program", "simulated"));
        JsonNode combiner = answer.path("combiner");
        return new SimulatedClient.Seat(
                answer.path("clientId").asText(),
                name,
                answer.path("ticket").asText(),
                combiner.path("host").asText(),
                combiner.path("port").asInt());
    }

    /** Opens the connections and streams; returns when all were welcomed. */
    void attach(List<SimulatedClient.Seat> seats, int perConnection) throws InterruptedException {
        for (int i = 0; i < seats.size(); i++) {
            SimulatedClient.Seat seat = seats.get(i);
            if (i % perConnection == 0) {
                channels.add(channel(seat));
            }
            SimulatedClient client = new SimulatedClient(seat, channels.get(channels.size() - 1), this);
            clients.add(client);
            attaching.acquire();
            client.attend();
        }
        while (!attached.await(1, TimeUnit.SECONDS)) {
            requireNoneLost();
        }
        long spread = TimeUnit.SECONDS.toMicros(HEARTBEAT_SECONDS) / Math.max(1, count);
        for (int i = 0; i < clients.size(); i++) {
            var unused = hearts.scheduleAtFixedRate(
                    clients.get(i)::beat,
                    i * spread,
                    TimeUnit.SECONDS.toMicros(HEARTBEAT_SECONDS),
                    TimeUnit.MICROSECONDS);
        }
    }

    private ManagedChannel channel(SimulatedClient.Seat seat) {
        return NettyChannelBuilder.forAddress(seat.host(), seat.port())
                .usePlaintext()
                .eventLoopGroup(loops)
                .channelType(NioSocketChannel.class)
                .directExecutor()
                .keepAliveTime(30, TimeUnit.SECONDS)
                .keepAliveTimeout(20, TimeUnit.SECONDS)
                .disableRetry()
                .build();
    }

    /** @throws Failure if a client lost its stream */
    void requireNoneLost() {
        Throwable cause = firstLoss.get();
        if (cause != null) {
            throw new Failure(
                    ExitCode.FAILURE,
                    lost.get() + " of " + count + " clients lost their combiner: " + cause.getMessage(),
                    "Raise the limit of open files (ulimit -n) or lower --count.");
        }
    }

    /** Bytes that all clients downloaded so far. */
    long downloaded() {
        return down.get();
    }

    /** Bytes that all clients uploaded so far. */
    long uploaded() {
        return up.get();
    }

    int connections() {
        return channels.size();
    }

    @Override
    public SimulatedUpdate update(String clientId, int round) {
        return common.of(numbers.getOrDefault(clientId, 0), round);
    }

    @Override
    public void attached(SimulatedClient client) {
        attaching.release();
        attached.countDown();
    }

    @Override
    public void lost(SimulatedClient client, Throwable cause) {
        if (!closing) {
            lost.incrementAndGet();
            firstLoss.compareAndSet(null, cause);
            attaching.release();
        }
    }

    @Override
    public void moved(long bytesDown, long bytesUp) {
        down.addAndGet(bytesDown);
        up.addAndGet(bytesUp);
    }

    @Override
    public void close() {
        closing = true;
        hearts.shutdownNow();
        channels.forEach(ManagedChannel::shutdownNow);
        var unused = loops.shutdownGracefully(0, 5, TimeUnit.SECONDS);
    }
}
