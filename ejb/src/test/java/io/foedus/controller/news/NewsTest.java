package io.foedus.controller.news;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.controller.config.ControllerConfig.Database;
import io.foedus.controller.news.boundary.News;
import io.foedus.controller.news.control.NewsConnection;
import io.foedus.controller.news.entity.Changed;
import io.foedus.controller.news.entity.Topic;
import io.foedus.controller.testing.SettableClock;
import io.foedus.controller.testing.TestController;
import io.foedus.controller.testing.TestDatabase;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewsTest {
    private final UUID id = UUID.randomUUID();
    private final BlockingQueue<Changed> heard = new LinkedBlockingQueue<>();
    private final Semaphore connected = new Semaphore(0);

    @TempDir
    Path data;

    @Test
    void what_is_committed_is_heard_once_and_what_is_rolled_back_is_not() throws Exception {
        try (TestController controller = new TestController(TestDatabase.migrated(), new SettableClock(), data);
                NewsConnection connection = listening(controller.database())) {
            News news = controller.get(News.class);
            controller.transaction(() -> {
                news.tell(Topic.ROUND, id);
                news.tell(Topic.ROUND, id);
                return null;
            });
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(new Changed(Topic.ROUND, id));
            try {
                controller.transaction(() -> {
                    news.tell(Topic.SESSION, id);
                    throw new IllegalStateException("no");
                });
            } catch (IllegalStateException expected) {
                controller.transaction(() -> {
                    news.tell(Topic.COMBINER, id);
                    return null;
                });
            }
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(new Changed(Topic.COMBINER, id));
            assertThat(connection).isNotNull();
        }
    }

    @Test
    void a_cut_connection_is_made_anew_and_says_so() throws Exception {
        TestDatabase database = TestDatabase.migrated();
        try (NewsConnection connection = listening(database)) {
            database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ="
                    + " 'foedus news' AND datname = current_database()");
            assertThat(connected.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
            database.execute("SELECT pg_notify('foedus', 'clients " + id + "')");
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(new Changed(Topic.CLIENTS, id));
            assertThat(connection).isNotNull();
        } finally {
            database.close();
        }
    }

    @Test
    void what_a_newer_controller_tells_is_ignored() {
        assertThat(Changed.parse("weather " + id)).isEmpty();
        assertThat(Changed.parse("round")).isEmpty();
        assertThat(Changed.parse("round x")).isEmpty();
    }

    private NewsConnection listening(TestDatabase database) throws InterruptedException {
        NewsConnection connection = new NewsConnection(
                new Database(database.url(), "postgres", ""), News.CHANNEL, heard::add, connected::release);
        Thread thread = new Thread(connection, "news");
        thread.setDaemon(true);
        thread.start();
        assertThat(connected.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        return connection;
    }
}
