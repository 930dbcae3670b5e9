package io.foedus.controller.news.control;

import io.foedus.controller.config.ControllerConfig.Database;
import io.foedus.controller.news.entity.Changed;
import io.foedus.core.liveness.Backoff;
import io.foedus.db.TimedDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * One connection of its own that listens. {@link #run} blocks its thread until {@link #close}; a broken connection is
 * made anew after a random pause of up to five seconds. Loss and recovery are logged once each.
 */
public final class NewsConnection implements Runnable, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(NewsConnection.class.getName());
    private static final int WAIT_MILLIS = 10_000;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final int ANSWER_SECONDS = 10;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final TimedDataSource database = new TimedDataSource();
    private final String channel;
    private final Consumer<Changed> news;
    private final Runnable connected;
    private final Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, RandomGenerator.getDefault());
    private volatile boolean open = true;
    private volatile Connection current;

    /**
     * @param news called for each notification, on the listening thread
     * @param connected called after each time that listening began
     */
    public NewsConnection(Database where, String channel, Consumer<Changed> news, Runnable connected) {
        database.setURL(where.url());
        database.setUser(where.user());
        database.setPassword(where.password());
        database.setApplicationName("foedus news");
        this.channel = channel;
        this.news = news;
        this.connected = connected;
    }

    @Override
    public void run() {
        while (open) {
            try (Connection connection = database.getConnection();
                    Statement sql = connection.createStatement()) {
                current = connection;
                sql.execute("LISTEN " + channel);
                if (backoff.recovered()) {
                    LOG.log(System.Logger.Level.INFO, "listening for news again");
                }
                connected.run();
                listen(connection);
            } catch (SQLException e) {
                if (open && backoff.fresh()) {
                    LOG.log(System.Logger.Level.WARNING, "lost the connection for news: " + e.getMessage());
                }
                sleep();
            }
        }
    }

    private void listen(Connection connection) throws SQLException {
        PGConnection listening = connection.unwrap(PGConnection.class);
        while (open) {
            PGNotification[] notifications = listening.getNotifications(WAIT_MILLIS);
            if (notifications == null || notifications.length == 0) {
                // no news, or nobody there any more who could tell
                if (!connection.isValid(ANSWER_SECONDS)) {
                    throw new SQLException("the database does not answer");
                }
                continue;
            }
            for (PGNotification notification : notifications) {
                Changed.parse(notification.getParameter()).ifPresent(news);
            }
        }
    }

    private void sleep() {
        try {
            if (open) {
                Thread.sleep(backoff.next().toMillis());
            }
        } catch (InterruptedException e) {
            open = false;
            Thread.currentThread().interrupt();
        }
    }

    /** Ends {@link #run}, at once. */
    @Override
    public void close() {
        open = false;
        Connection connection = current;
        if (connection != null) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.log(System.Logger.Level.DEBUG, "closing the connection for news", e);
            }
        }
    }
}
