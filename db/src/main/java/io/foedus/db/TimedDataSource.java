package io.foedus.db;

import java.util.Map;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Connections to PostgreSQL that do not wait for ever: not for a server that vanished without a word, not for a
 * statement that does not end, not for a lock that nobody lets go of. What the JDBC URL says wins,
 * {@code ?socketTimeout=0} for instance.
 *
 * <p>The server gives up first, so that a slow statement is an error with a reason and its connection lives; only where
 * nothing at all is heard of the server is the connection given up here. Nothing that takes long, a fold least of all,
 * is done by one statement.
 */
public class TimedDataSource extends PGSimpleDataSource {
    private static final long serialVersionUID = 1L;

    private static final Map<PGProperty, String> UNLESS_SAID = Map.of(
            PGProperty.CONNECT_TIMEOUT, "10",
            PGProperty.SOCKET_TIMEOUT, "60",
            PGProperty.TCP_KEEP_ALIVE, "true",
            PGProperty.OPTIONS,
                    "-c statement_timeout=50s -c lock_timeout=30s -c idle_in_transaction_session_timeout=300s"
                            // a controller that vanished without a word holds its locks until the server notices it
                            + " -c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3");

    /** Takes what the URL says, and of what it does not say the times of this class. */
    @Override
    public void setUrl(String url) {
        super.setUrl(url);
        Properties said = Driver.parseURL(url, null);
        UNLESS_SAID.forEach((property, value) -> {
            if (said == null || !said.containsKey(property.getName())) {
                setProperty(property, value);
            }
        });
    }

    /** For migrations, whose statements and locks take as long as the tables need. */
    public static PGSimpleDataSource patient(String url, String user, String password) {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(url);
        database.setUser(user);
        database.setPassword(password);
        database.setTcpKeepAlive(true);
        return database;
    }
}
