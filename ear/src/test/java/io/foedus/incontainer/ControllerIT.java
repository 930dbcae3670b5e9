package io.foedus.incontainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.controller.alliances.boundary.Alliances;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.identity.entity.Role;
import io.foedus.controller.models.boundary.Models;
import io.foedus.controller.news.boundary.News;
import io.foedus.controller.news.entity.Topic;
import io.foedus.controller.packages.boundary.Packages;
import io.foedus.controller.refusals.Refusal;
import io.foedus.controller.rounds.boundary.RoundEngine;
import io.foedus.controller.sessions.boundary.Sessions;
import io.foedus.controller.sessions.entity.NewSession;
import io.foedus.federation.InstantPackage;
import io.foedus.launcher.processes.Distribution;
import jakarta.ejb.EJBTransactionRequiredException;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Status;
import jakarta.transaction.UserTransaction;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.Assertions;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the container does for the controller, seen from within: transactions, locks, timers, events. */
@ExtendWith(ArquillianExtension.class)
class ControllerIT {
    private static final Actor ROOT = Actor.SYSTEM;

    @Inject
    Alliances alliances;

    @Inject
    Packages packages;

    @Inject
    Models models;

    @Inject
    Sessions sessions;

    @Inject
    RoundEngine engine;

    @Inject
    News news;

    @Inject
    Timers timers;

    @Inject
    Hearing hearing;

    @Inject
    EntityManager entities;

    @Inject
    UserTransaction transaction;

    /** The controller answers nobody it does not know, so Arquillian's servlet has to be let in. */
    private static final String DOOR = """
            <web-fragment xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
              <security-constraint>
                <web-resource-collection>
                  <web-resource-name>tests</web-resource-name>
                  <url-pattern>/ArquillianServletRunnerEE9</url-pattern>
                </web-resource-collection>
              </security-constraint>
            </web-fragment>
            """;

    @Deployment
    static WebArchive controller() throws Exception {
        return ShrinkWrap.create(ZipImporter.class, "controller.war")
                .importFrom(Distribution.find().controllerWar().toFile())
                .as(WebArchive.class)
                .addPackage(ControllerIT.class.getPackage())
                .addClasses(InstantPackage.class, io.foedus.federation.Models.class)
                .addAsResource("instant")
                .addAsLibraries(ShrinkWrap.create(JavaArchive.class, "door.jar")
                        .addAsManifestResource(new StringAsset(DOOR), "web-fragment.xml"))
                .addAsLibraries(new File(Assertions.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI()));
    }

    @Test
    void a_refusal_comes_through_as_itself_and_takes_the_whole_transaction_back() throws Exception {
        Actor viewer = Actor.account(UUID.randomUUID(), "vera", false, Map.of(), null);
        transaction.begin();
        alliances.create(ROOT, "undone", "Undone", "");

        assertThatThrownBy(() -> alliances.create(viewer, "hers", "Hers", ""))
                .isExactlyInstanceOf(Refusal.class)
                .satisfies(thrown -> assertThat(((Refusal) thrown).kind()).isEqualTo(Refusal.Kind.FORBIDDEN));

        assertThat(transaction.getStatus()).isEqualTo(Status.STATUS_MARKED_ROLLBACK);
        transaction.rollback();
        assertThatThrownBy(() -> alliances.get(ROOT, "undone")).isExactlyInstanceOf(Refusal.class);
    }

    @Test
    void a_member_who_may_only_read_is_refused_by_each_boundary() throws Exception {
        UUID alliance = alliances.create(ROOT, "read-only", "Read only", "").id();
        Actor viewer = Actor.account(UUID.randomUUID(), "vera", false, Map.of(alliance, Role.VIEWER), null);
        Path file = Files.createTempFile("upload", ".npz");

        assertThat(alliances.get(viewer, "read-only").id()).isEqualTo(alliance);
        List.<Runnable>of(
                        () -> models.upload(viewer, alliance, "seed", "npz", file),
                        () -> packages.upload(viewer, alliance, "code", "code.zip", file, true),
                        () -> sessions.create(viewer, alliance, new NewSession("s", null, null, null, Map.of(), true)),
                        () -> alliances.delete(viewer, "read-only"))
                .forEach(call -> assertThatThrownBy(call::run)
                        .isExactlyInstanceOf(Refusal.class)
                        .satisfies(
                                thrown -> assertThat(((Refusal) thrown).kind()).isEqualTo(Refusal.Kind.FORBIDDEN)));
    }

    @Test
    void a_session_that_one_controller_holds_is_left_alone_by_others_and_moved_by_the_clock_when_it_is_free()
            throws Exception {
        UUID session = runningSession("locked");
        transaction.begin();
        entities.createNativeQuery("SELECT id FROM session WHERE id = ?1 FOR UPDATE")
                .setParameter(1, session)
                .getSingleResult();

        // Each call has a transaction of its own: were the lock waited for, this would never return.
        assertThat(engine.advance(session)).isEmpty();
        assertThat(engine.advance(session)).isEmpty();
        entities.createNativeQuery("UPDATE session SET next_check = now() - interval '1 hour' WHERE id = ?1")
                .setParameter(1, session)
                .executeUpdate();
        assertThat(isDue(session)).isTrue();
        transaction.commit();

        assertThat(within10Seconds(() -> !isDue(session)))
                .as("the clock's timer has looked at it")
                .isTrue();
        assertThat(sessions.get(ROOT, session).state().name()).isEqualTo("RUNNING");
    }

    @Test
    void timers_are_there_and_none_outlives_the_process() {
        // Of retention and of the sampler.
        assertThat(within10Seconds(() -> timers.persistence().size() >= 2)).isTrue();
        assertThat(timers.persistence()).doesNotContain(true);
    }

    @Test
    void news_is_heard_after_the_commit_and_never_after_a_rollback() throws Exception {
        UUID undone = UUID.randomUUID();
        UUID done = UUID.randomUUID();
        transaction.begin();
        news.tell(Topic.MODELS, undone);
        transaction.rollback();
        transaction.begin();
        news.tell(Topic.MODELS, done);
        assertThat(hearing.heardOf(done)).isFalse();
        transaction.commit();

        assertThat(within10Seconds(() -> hearing.heardOf(done))).isTrue();
        assertThat(hearing.heardOf(undone)).isFalse();
        assertThatThrownBy(() -> news.tell(Topic.MODELS, undone)).isInstanceOf(EJBTransactionRequiredException.class);
    }

    private UUID runningSession(String name) throws Exception {
        UUID alliance = alliances.create(ROOT, name, name, "").id();
        Path directory = Files.createTempDirectory("session");
        packages.upload(
                ROOT,
                alliance,
                "instant",
                "instant.zip",
                InstantPackage.archive(directory.resolve("instant.zip")),
                true);
        models.upload(
                ROOT,
                alliance,
                "seed",
                "npz",
                io.foedus.federation.Models.write(directory.resolve("seed.npz"), new double[InstantPackage.VALUES]));
        return sessions.create(ROOT, alliance, new NewSession(name, null, null, null, Map.of("rounds", 1), true))
                .id();
    }

    private boolean isDue(UUID session) {
        return Boolean.TRUE.equals(entities.createNativeQuery("SELECT next_check <= now() FROM session WHERE id = ?1")
                .setParameter(1, session)
                .getSingleResult());
    }

    /** Watching from outside has no other means than to ask again. */
    private static boolean within10Seconds(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }
}
