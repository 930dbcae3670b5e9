package io.foedus.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TimedDataSourceTest {
    private static EmbeddedPostgres postgres;

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.start();
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    private static TimedDataSource at(int port, String said) {
        TimedDataSource database = new TimedDataSource();
        database.setURL("jdbc:postgresql://127.0.0.1:" + port + "/postgres" + said);
        database.setUser("postgres");
        return database;
    }

    @Test
    void nothing_waits_for_ever_and_the_server_gives_up_before_the_connection_does() throws SQLException {
        TimedDataSource database = at(postgres.getPort(), "");

        assertThat(database.getConnectTimeout()).isEqualTo(10);
        assertThat(database.getSocketTimeout()).isEqualTo(60);
        assertThat(database.getTcpKeepAlive()).isTrue();
        assertThat(settings(database))
                .containsEntry("statement_timeout", "50000")
                .containsEntry("lock_timeout", "30000")
                .containsEntry("idle_in_transaction_session_timeout", "300000");
    }

    @Test
    void what_the_url_says_wins() throws SQLException {
        TimedDataSource database = at(postgres.getPort(), "?socketTimeout=0&options=-c%20lock_timeout=2s");

        assertThat(database.getSocketTimeout()).isZero();
        assertThat(database.getConnectTimeout()).isEqualTo(10);
        assertThat(settings(database)).containsEntry("lock_timeout", "2000").containsEntry("statement_timeout", "0");
    }

    @Test
    void migrations_take_as_long_as_they_need() throws SQLException {
        String url = "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres";

        var database = TimedDataSource.patient(url, "postgres", "");

        assertThat(database.getSocketTimeout()).isZero();
        assertThat(database.getTcpKeepAlive()).isTrue();
    }

    private static Map<String, String> settings(TimedDataSource database) throws SQLException {
        Map<String, String> settings = new TreeMap<>();
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement();
                ResultSet rows =
                        sql.executeQuery("SELECT name, setting FROM pg_settings WHERE name LIKE '%_timeout'")) {
            while (rows.next()) {
                settings.put(rows.getString(1), rows.getString(2));
            }
        }
        return settings;
    }

    @Test
    void a_server_that_falls_silent_without_a_word_is_given_up() throws Exception {
        try (SilentLink link = new SilentLink(postgres.getPort());
                Connection connection = at(link.port(), "?socketTimeout=2").getConnection();
                Statement sql = connection.createStatement()) {
            assertThat(sql.execute("SELECT 1")).isTrue();
            link.fallSilent();
            long asked = System.nanoTime();

            assertThatThrownBy(() -> sql.execute("SELECT 1")).isInstanceOf(SQLException.class);

            assertThat(System.nanoTime() - asked).isBetween(1_000_000_000L, 20_000_000_000L);
        }
    }

    /** A TCP link that can fall silent: nothing passes any more, and nobody is told. */
    private static final class SilentLink implements AutoCloseable {
        private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final List<Socket> open = new ArrayList<>();
        private volatile boolean silent;

        SilentLink(int to) throws IOException {
            start(() -> {
                while (true) {
                    Socket here = door.accept();
                    Socket there = new Socket(InetAddress.getLoopbackAddress(), to);
                    open.add(here);
                    open.add(there);
                    start(() -> pass(here, there));
                    start(() -> pass(there, here));
                }
            });
        }

        int port() {
            return door.getLocalPort();
        }

        void fallSilent() {
            silent = true;
        }

        private void pass(Socket from, Socket to) throws IOException {
            byte[] bytes = new byte[8 << 10];
            for (int read = from.getInputStream().read(bytes);
                    read >= 0;
                    read = from.getInputStream().read(bytes)) {
                if (!silent) {
                    to.getOutputStream().write(bytes, 0, read);
                }
            }
        }

        private interface Work {
            void run() throws IOException;
        }

        private static void start(Work work) {
            Thread thread = new Thread(() -> {
                try {
                    work.run();
                } catch (IOException e) {
                    // closed
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void close() throws IOException {
            door.close();
            for (Socket socket : open) {
                socket.close();
            }
        }
    }
}
