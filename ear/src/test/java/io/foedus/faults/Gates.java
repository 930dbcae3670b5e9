package io.foedus.faults;

import static org.awaitility.Awaitility.await;

import io.foedus.federation.Federation;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Gates in the database: a transaction that writes a certain row waits, in the middle of it, for as long as the gate is
 * shut. A gate is a trigger that takes an advisory lock which the test holds; where nobody holds it, it costs nothing.
 * Used by one thread.
 */
final class Gates {
    private static final int SPACE = 4711;
    private static final Duration MOST = Duration.ofSeconds(60);

    private final Federation federation;
    private @Nullable Connection shut;

    /** The writes that can be held. */
    enum Gate {
        PLAN(1, "round", "INSERT", "true"),
        OFFER(2, "share", "INSERT", "NEW.kind = 'TRAIN'"),
        CLAIM(3, "participation", "INSERT", "NEW.kind = 'TRAIN'"),
        REPORT(4, "share", "UPDATE", "NEW.kind = 'TRAIN' AND NEW.phase = 'REPORTED'"),
        REDUCE(5, "round", "UPDATE", "NEW.phase = 'REDUCING' AND NEW.claimed_by IS NOT NULL"),
        COMMIT(6, "model", "INSERT", "NEW.round_id IS NOT NULL"),
        VALIDATE(7, "validation", "INSERT", "true");

        private final int number;
        private final String table;
        private final String event;
        private final String condition;

        Gate(int number, String table, String event, String condition) {
            this.number = number;
            this.table = table;
            this.event = event;
            this.condition = condition;
        }

        private String trigger() {
            return "CREATE OR REPLACE TRIGGER gate_" + name().toLowerCase(java.util.Locale.ROOT) + " BEFORE " + event
                    + " ON " + table + " FOR EACH ROW WHEN (" + condition + ") EXECUTE FUNCTION gate('" + number
                    + "')";
        }
    }

    /** Builds the gates into the federation's database, open. */
    Gates(Federation federation) {
        this.federation = federation;
        try (Connection connection = federation.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE OR REPLACE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM"
                    + " pg_advisory_xact_lock_shared(" + SPACE + ", TG_ARGV[0]::int); RETURN NEW; END $$");
            for (Gate gate : Gate.values()) {
                statement.execute(gate.trigger());
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Shuts a gate; one is shut at a time. Waits for those who are passing it. */
    void shut(Gate gate) {
        open();
        try {
            Connection connection = federation.connect();
            shut = connection;
            try (PreparedStatement statement = connection.prepareStatement("SELECT pg_advisory_lock(?, ?)")) {
                statement.setInt(1, SPACE);
                statement.setInt(2, gate.number);
                statement.execute();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until somebody stands before the gate, in the middle of its transaction. */
    void awaitArrival(Gate gate) {
        await("somebody before the gate " + gate)
                .atMost(MOST)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> hasArrival(gate));
    }

    /** The port from which the one who stands before the gate has dialled the database. */
    int visitor(Gate gate) {
        List<Map<String, Object>> waiting = waiting(gate);
        return ((Number) Objects.requireNonNull(waiting.get(0).get("client_port"))).intValue();
    }

    /** Whether somebody stands before the gate, in the middle of its transaction. */
    boolean hasArrival(Gate gate) {
        return !waiting(gate).isEmpty();
    }

    private List<Map<String, Object>> waiting(Gate gate) {
        return federation.sql(
                "SELECT a.client_port FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid WHERE l.locktype ="
                        + " 'advisory' AND l.classid = ?::int::oid AND l.objid = ?::int::oid AND NOT l.granted",
                SPACE,
                gate.number);
    }

    /** Opens what is shut; if the database has died meanwhile, it is open already. */
    void open() {
        Connection connection = shut;
        shut = null;
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                // the lock went with the connection
            }
        }
    }
}
