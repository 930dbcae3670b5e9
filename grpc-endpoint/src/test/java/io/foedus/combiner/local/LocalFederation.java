package io.foedus.combiner.local;

import static org.awaitility.Awaitility.await;

import io.foedus.combiner.Combiner;
import io.foedus.combiner.configuration.CombinerConfig;
import io.foedus.combiner.configuration.ConfigReader;
import io.foedus.combiner.fedn.boundary.FednConnection;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.SelectionKind;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.round.RoundMode;
import io.foedus.protocol.v1.Task;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerTransportFilter;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Controller, combiner and agents; the combiner can be killed and started again over the same spool. */
public final class LocalFederation implements AutoCloseable {
    public static final String ALLIANCE = "hospitals";
    private static final String PACKAGE = "1".repeat(64);

    public final InMemoryController controller = new InMemoryController();
    public final HastenedClock clock = new HastenedClock();
    public final ExecutorService calls = Executors.newFixedThreadPool(8);

    private final Map<String, String> settings = new HashMap<>();
    private final ExecutorService workers = Executors.newFixedThreadPool(8);
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
    private Combiner combiner;
    private final List<Server> servers = new ArrayList<>();
    private final List<ManagedChannel> channels = new ArrayList<>();
    private ManagedChannel channel;

    private LocalFederation(Path dir, Map<String, String> more) throws IOException {
        Path token = dir.resolve("join-token");
        Files.writeString(token, InMemoryController.JOIN_TOKEN + "\n");
        settings.put("foedus.combiner.join-token-file", token.toString());
        settings.put("foedus.combiner.spool-dir", dir.resolve("spool").toString());
        settings.put("foedus.combiner.spool-reserve-bytes", "0");
        settings.put("foedus.combiner.detach-grace-millis", "300");
        settings.putAll(more);
        launch();
    }

    public static LocalFederation start(Path dir) {
        return start(dir, Map.of());
    }

    /** @param settings full keys */
    public static LocalFederation start(Path dir, Map<String, String> settings) {
        try {
            return new LocalFederation(dir, settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void launch() throws IOException {
        CombinerConfig config = ConfigReader.read(key -> Optional.ofNullable(settings.get(key)));
        combiner = new Combiner(config, controller, workers, timer, Clock.systemUTC(), clock);
        channel = dial(null);
        combiner.start(1);
        await().until(combiner::ready);
    }

    public Combiner combiner() {
        return combiner;
    }

    public ManagedChannel channel() {
        return channel;
    }

    /** One more connection, from this machine or, as the combiner sees it, from another address. */
    public ManagedChannel dial(@Nullable String address) {
        String name = "combiner-" + UUID.randomUUID();
        InProcessServerBuilder builder = InProcessServerBuilder.forName(name).executor(calls);
        combiner.services().forEach(builder::addService);
        if (address != null) {
            builder.addTransportFilter(from(new InetSocketAddress(address, 40_000)));
        }
        builder.addTransportFilter(FednConnection.filter());
        try {
            servers.add(builder.build().start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ManagedChannel dialled =
                InProcessChannelBuilder.forName(name).executor(calls).build();
        channels.add(dialled);
        return dialled;
    }

    private static ServerTransportFilter from(SocketAddress address) {
        return new ServerTransportFilter() {
            @Override
            public Attributes transportReady(Attributes transport) {
                return transport.toBuilder()
                        .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, address)
                        .build();
            }
        };
    }

    private void hangUp() {
        servers.forEach(Server::shutdownNow);
        channels.forEach(ManagedChannel::shutdownNow);
    }

    public Path spool() {
        return Path.of(settings.get("foedus.combiner.spool-dir"));
    }

    /** Ends the combiner without a word to anybody but those whose connection breaks. */
    public void kill() throws InterruptedException {
        hangUp();
        combiner.close();
        for (Server server : servers) {
            server.awaitTermination(5, TimeUnit.SECONDS);
        }
        servers.clear();
        channels.clear();
    }

    public void restart() throws IOException {
        launch();
    }

    public SimulatedAgent agent(BiConsumer<SimulatedAgent, Task> behaviour) {
        return agent(UUID.randomUUID(), Set.of(), Map.of(), behaviour);
    }

    /** An agent that waits to be told. */
    public SimulatedAgent agent() {
        return agent((agent, task) -> {});
    }

    public SimulatedAgent agent(
            UUID id, Set<UUID> held, Map<String, String> labels, BiConsumer<SimulatedAgent, Task> behaviour) {
        String ticket = controller.ticket(id, ALLIANCE, "agent-" + id, Duration.ofHours(1));
        return new SimulatedAgent(id, channel, ticket, held, labels, behaviour);
    }

    /** An order to train from a model. */
    public Order order(byte[] model, int least, int target, Duration deadline) {
        return order(TaskKind.TRAIN, model, least, target, deadline, "mean", false, 0);
    }

    public Order order(
            TaskKind kind,
            byte[] model,
            int least,
            int target,
            Duration deadline,
            String aggregator,
            boolean keep,
            int count) {
        String digest = controller.put(model);
        return new Order(
                UUID.randomUUID(),
                kind,
                UUID.randomUUID(),
                1,
                UUID.randomUUID(),
                ALLIANCE,
                UUID.randomUUID(),
                1,
                new Order.Model(UUID.randomUUID(), digest, model.length, "npz"),
                PACKAGE,
                new Order.Policy(least, target, deadline.toMillis(), deadline.toMillis()),
                new Order.Select(count == 0 ? SelectionKind.ALL : SelectionKind.RANDOM, count, 7, Map.of(), List.of()),
                aggregator,
                RoundMode.SYNCHRONOUS,
                0,
                Map.of("epochs", 2),
                keep,
                10_000_000,
                deadline.toMillis());
    }

    /**
     * An order of a buffered session that up to so many clients work for, and that closes at {@code target} updates.
     */
    public Order buffered(TaskKind kind, UUID session, int round, byte[] model, int target, int maxStaleness) {
        Order plain = order(kind, model, 1, target, Duration.ofMinutes(5), "fedbuff:0.5", false, 0);
        return new Order(
                plain.shareId(),
                kind,
                plain.roundId(),
                round,
                session,
                plain.alliance(),
                plain.allianceId(),
                1,
                plain.model(),
                plain.packageDigest(),
                plain.policy(),
                plain.select(),
                plain.aggregator(),
                RoundMode.BUFFERED,
                maxStaleness,
                plain.settings(),
                false,
                10_000_000,
                plain.remainingMillis());
    }

    @Override
    public void close() {
        hangUp();
        combiner.close();
        calls.shutdownNow();
        workers.shutdownNow();
        timer.shutdownNow();
    }
}
