package io.foedus.controller.rounds.boundary;

import io.foedus.controller.clients.boundary.Attendance;
import io.foedus.controller.clients.entity.Client;
import io.foedus.controller.combiners.entity.Combiner;
import io.foedus.controller.identity.boundary.SigningKeys;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.identity.entity.Role;
import io.foedus.controller.listing.Query;
import io.foedus.controller.persistence.TimeOrderedId;
import io.foedus.controller.rounds.control.Agenda;
import io.foedus.controller.rounds.control.Reduction;
import io.foedus.controller.rounds.control.Steadiness;
import io.foedus.controller.sessions.boundary.SessionView;
import io.foedus.controller.sessions.boundary.Sessions;
import io.foedus.controller.sessions.entity.NewSession;
import io.foedus.controller.testing.SettableClock;
import io.foedus.controller.testing.TestController;
import io.foedus.controller.testing.TestDatabase;
import io.foedus.core.blobs.BlobStore;
import io.foedus.core.blobs.DirectoryBlobStore;
import io.foedus.core.exchange.AttachmentReport;
import io.foedus.core.models.DType;
import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelFormats;
import io.foedus.core.models.ModelLayout;
import io.foedus.core.models.ModelWriter;
import io.foedus.core.models.TensorReader;
import io.foedus.core.models.TensorSpec;
import jakarta.ejb.TimerService;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.persistence.EntityManager;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** An alliance with a seed model of zeros, and controllers, combiners and clients that do what a test says. */
final class TestFederation implements AutoCloseable {
    static final int ELEMENTS = 5;
    private static final ModelLayout LAYOUT = new ModelLayout(List.of(TensorSpec.of("w", DType.F32, ELEMENTS)));

    final SettableClock clock = new SettableClock();
    final TestDatabase database = TestDatabase.migrated();
    final UUID alliance = TimeOrderedId.next(clock);
    final Actor operator = Actor.account(UUID.randomUUID(), "ada", false, Map.of(alliance, Role.OPERATOR), "t");
    final BlobStore blobs;
    private final Path data;
    private final List<TestController> controllers = new ArrayList<>();

    TestFederation(Path data) {
        this.data = data;
        try {
            blobs = new DirectoryBlobStore(data.resolve("blobs"));
            UUID program = UUID.randomUUID();
            Model seed = model(0);
            Digest archive = blobs.put(new ByteArrayInputStream(new byte[] {1}), 1);
            database.execute("INSERT INTO alliance (id, name, title, created_at) VALUES ('" + alliance
                    + "', 'north', 'North', now())");
            database.execute("INSERT INTO account (id, name, password_hash, created_at) VALUES ('" + operator.id()
                    + "', 'ada', 'x', now())");
            database.execute(
                    "INSERT INTO compute_package (id, alliance_id, name, file_name, digest, size, entry_points,"
                            + " active, created_at) VALUES ('" + program + "', '" + alliance + "', 'p', 'p.tgz', '"
                            + archive.hex() + "', 1, '{}', true, now())");
            database.execute("INSERT INTO model (id, alliance_id, digest, size, format, created_at) VALUES ('"
                    + UUID.randomUUID() + "', '" + alliance + "', '" + seed.digest() + "', " + seed.size()
                    + ", 'npz', now())");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        controller("one");
    }

    /** A stored model. */
    record Model(String digest, long size) {}

    /** A model whose elements all have this value. */
    Model model(double value) {
        try {
            Path file = Files.createTempFile(data, "model", ".npz");
            double[] values = new double[ELEMENTS];
            Arrays.fill(values, value);
            try (ModelWriter writer = ModelWriter.create(file, ModelFormats.byId("npz"), LAYOUT)) {
                writer.slices().write(0, 0, values, 0, ELEMENTS);
                writer.finish();
            }
            long size = Files.size(file);
            return new Model(blobs.adopt(file).hex(), size);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The value of a model's first element. */
    double value(UUID model) {
        String digest = controllers.get(0).transaction(() -> (String) controllers
                .get(0)
                .get(EntityManager.class)
                .createNativeQuery("SELECT digest FROM model WHERE id = ?1")
                .setParameter(1, model)
                .getSingleResult());
        double[] values = new double[1];
        try (ModelFile file = ModelFile.open(blobs.file(new Digest(digest)));
                TensorReader reader = file.reader(0)) {
            reader.read(0, values, 0, 1);
            return values[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One more controller over the same database and the same data. */
    TestController controller(String name) {
        TestController controller = new TestController(database, clock, data, Map.of("foedus.node", name))
                .with(BlobStore.class, blobs)
                .with(ManagedThreadFactory.class, double_(ManagedThreadFactory.class))
                .with(ManagedScheduledExecutorService.class, double_(ManagedScheduledExecutorService.class))
                .with(TimerService.class, double_(TimerService.class));
        controller.get(SigningKeys.class).open();
        controllers.add(controller);
        return controller;
    }

    TestController controller() {
        return controllers.get(0);
    }

    private static <T> T double_(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                TestFederation.class.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> null));
    }

    /** Looks at whatever is due at a controller, on this thread. */
    void tick(TestController controller) {
        RoundClock ticking = controller.get(RoundClock.class);
        ticking.begin(new Agenda(Runnable::run));
        ticking.tick();
    }

    /** So many seconds pass; these combiners are heard all the time, and the controllers tick. */
    void pass(int seconds, TestCombiner... heard) {
        for (int i = 0; i < seconds; i++) {
            clock.advance(Duration.ofSeconds(1));
            for (TestCombiner combiner : heard) {
                combiner.beat();
            }
            controllers.forEach(controller -> controller.get(Steadiness.class).ticked());
        }
    }

    /** Looks at a session now, as after news. */
    void look(UUID session) {
        controller().get(Reducing.class).look(session);
    }

    /** What a controller claims to merge of a session now, if there is anything. */
    Optional<Reduction> claim(TestController controller, UUID session) {
        return controller.get(RoundEngine.class).advance(session).map(Reduction.class::cast);
    }

    UUID session(Map<String, Object> plan) {
        UUID id = sessions()
                .create(operator, alliance, new NewSession(null, null, null, null, plan, true))
                .id();
        look(id);
        return id;
    }

    Sessions sessions() {
        return controller().get(Sessions.class);
    }

    SessionView sessionOf(UUID id) {
        return sessions().get(operator, id);
    }

    RoundView round(UUID session, int number) {
        return controller().get(Rounds.class).get(operator, session, number);
    }

    List<RoundView> rounds(UUID session) {
        return controller()
                .get(Rounds.class)
                .list(operator, session, Query.first(500))
                .items();
    }

    /** A combiner that is alive and holds so many new clients. */
    TestCombiner combiner(String name, int clients) {
        UUID id = TimeOrderedId.next(clock);
        List<UUID> ids = new ArrayList<>();
        controller().transaction(() -> {
            EntityManager entities = controller().get(EntityManager.class);
            Combiner combiner = new Combiner(id, name, clock.instant());
            combiner.introduces(new Combiner.Address("127.0.0.1", 9090, false), 100, Map.of(), "test", clock.instant());
            entities.persist(combiner);
            for (int i = 0; i < clients; i++) {
                UUID client = TimeOrderedId.next(clock);
                entities.persist(new Client(client, alliance, name + "-" + i, null, clock.instant()));
                ids.add(client);
            }
            return null;
        });
        TestCombiner combiner = new TestCombiner(this, Actor.combiner(id, name, "t"), ids);
        combiner.attach();
        return combiner;
    }

    void attach(TestCombiner combiner) {
        controller()
                .get(Attendance.class)
                .report(
                        combiner.actor(),
                        combiner.id(),
                        new AttachmentReport(
                                combiner.epoch(),
                                true,
                                combiner.clients().stream()
                                        .map(client -> new AttachmentReport.Attached(client, null, null, null))
                                        .toList(),
                                null,
                                null,
                                null,
                                null));
    }

    @Override
    public void close() {
        database.close();
    }
}
