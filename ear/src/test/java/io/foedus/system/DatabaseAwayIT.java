package io.foedus.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foedus.agent.console.Json;
import io.foedus.federation.Alliance;
import io.foedus.federation.CommandLine;
import io.foedus.federation.Federation;
import io.foedus.federation.Full;
import io.foedus.federation.Models;
import io.foedus.federation.Rest;
import io.foedus.federation.SessionRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL goes away while requests are under way and comes back: callers are told to come again, and do. */
@Full
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DatabaseAwayIT {
    private static final Duration TIME = Duration.ofMinutes(1);

    private static final Duration SILENCE = Duration.ofSeconds(4);

    private final QuietLink link = QuietLink.open();
    private Federation federation;
    private Alliance alliance;

    @BeforeAll
    void start() {
        federation = Federation.named("database-away")
                .links((dialler, listener, port) -> listener.equals("postgresql") ? link.to(port) : port)
                // seconds instead of a minute, so that the test does not take that long
                .controllerSetting(
                        "FOEDUS_DB_URL",
                        "jdbc:postgresql://127.0.0.1:" + link.port() + "/foedus?socketTimeout=" + SILENCE.toSeconds()
                                + "&options=-c%20lock_timeout=2s")
                .start();
        alliance = federation.alliance("away").useInstantPackage();
    }

    @AfterAll
    void stop() {
        federation.close();
        link.close();
    }

    /** Nothing is closed or refused: whoever asks hears nothing. */
    @Test
    void a_database_that_falls_silent_holds_no_request_for_ever_and_is_found_again() {
        Rest rest = federation.rest();
        assertThat(rest.get("/api/alliances").status()).isEqualTo(200);
        link.fallQuiet();
        try {
            for (int i = 0; i < 3; i++) {
                long asked = System.nanoTime();
                Rest.Answer answer = rest.get("/api/alliances");
                assertThat(answer.status()).as(answer.body()).isEqualTo(503);
                assertThat(answer.headers().firstValue("Retry-After")).isPresent();
                assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(60));
            }
        } finally {
            link.speak();
        }
        await().atMost(TIME).until(() -> rest.get("/api/alliances").status() == 200);
        await().atMost(TIME).until(() -> rest.get("/health/ready").status() == 200);
    }

    /** Somebody holds a lock for good: callers are told to come again, instead of waiting as long. */
    @Test
    void a_lock_that_nobody_lets_go_of_holds_no_request_for_ever() throws Exception {
        try (Connection connection = federation.connect();
                Statement sql = connection.createStatement()) {
            connection.setAutoCommit(false);
            sql.execute("LOCK TABLE alliance IN ACCESS EXCLUSIVE MODE");

            Rest.Answer answer = federation.rest().get("/api/alliances");

            assertThat(answer.status()).as(answer.body()).isEqualTo(503);
            assertThat(answer.body()).contains("CHANGED_MEANWHILE");
            connection.rollback();
        }
    }

    @Test
    void every_request_that_loses_its_database_is_told_to_come_again() throws Exception {
        Rest rest = federation.rest();
        List<Runnable> requests = List.of(
                () -> check(rest.get("/api/alliances")),
                () -> check(rest.get(alliance.path("/events"))),
                () -> check(rest.get("/api/audit")),
                () -> check(rest.get("/fedn/away/api/v1/sessions/")),
                () -> check(rest.post(
                        "/api/tokens", Json.object().put("kind", "USER").put("name", "away"))));
        ExecutorService callers = Executors.newFixedThreadPool(requests.size());
        AtomicBoolean over = new AtomicBoolean();
        try {
            requests.forEach(request -> callers.execute(() -> {
                while (!over.get()) {
                    request.run();
                }
            }));
            for (int again = 0; again < 3; again++) {
                awaitMore(fine);
                if (again % 2 == 0) {
                    federation.database().kill9();
                } else {
                    federation.database().stop();
                }
                awaitMore(away);
                federation.database().start();
            }
            awaitMore(fine);
        } finally {
            over.set(true);
            callers.shutdown();
            assertThat(callers.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
        }

        assertThat(wrong).isEmpty();
    }

    private final AtomicInteger fine = new AtomicInteger();
    private final AtomicInteger away = new AtomicInteger();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    private void check(Rest.Answer answer) {
        if (answer.status() < 400) {
            fine.incrementAndGet();
        } else if (answer.status() == 503
                && answer.headers().firstValue("Retry-After").isPresent()) {
            away.incrementAndGet();
        } else {
            wrong.add(answer.status() + " " + answer.body());
        }
    }

    private static void awaitMore(AtomicInteger count) {
        int before = count.get();
        await().atMost(TIME).until(() -> count.get() > before + 40);
    }

    @Test
    void who_watches_a_session_waits_for_the_database_and_sees_the_end(@TempDir Path directory) throws Exception {
        Path token = Files.writeString(
                directory.resolve("token"), federation.rest().token().orElseThrow());
        alliance.uploadSeed(Models.write(directory.resolve("seed.npz"), 1));
        SessionRun session = alliance.start(Json.object().put("rounds", 1).put("deadlineSeconds", 3600));
        ProcessBuilder builder = new ProcessBuilder(CommandLine.command(
                        "session",
                        "watch",
                        session.id(),
                        "--alliance",
                        "away",
                        "--controller",
                        federation.controller().uri().toString(),
                        "--token-file",
                        token.toString()))
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile());
        builder.environment().putAll(Map.of("NO_COLOR", "1"));
        Process watch = builder.start();
        try {
            await().atMost(TIME).until(() -> federation.controller().isAlive() && watch.isAlive());
            federation.database().kill9();
            await().atMost(TIME).until(() -> text(directory.resolve("err")).contains("waiting: "));
            federation.database().start();
            await().atMost(TIME)
                    .until(() -> federation
                                    .rest()
                                    .post(session.path("/stop"), Json.object())
                                    .status()
                            == 200);

            assertThat(watch.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(text(directory.resolve("out"))).contains("CANCELLED");
            assertThat(text(directory.resolve("err")).lines()).hasSize(1);
        } finally {
            watch.destroy();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
