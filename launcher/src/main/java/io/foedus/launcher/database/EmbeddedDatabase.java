package io.foedus.launcher.database;

import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.launcher.processes.Directories;
import io.foedus.launcher.processes.GuardedProcess;
import io.foedus.launcher.processes.Ports;
import io.foedus.launcher.processes.Secrets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A running PostgreSQL with one database, {@code foedus}, owned by the user of that name. */
public final class EmbeddedDatabase implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final String USER = "foedus";

    private final GuardedProcess server;
    private final int port;
    private final String password;

    private EmbeddedDatabase(GuardedProcess server, int port, String password) {
        this.server = server;
        this.port = port;
        this.password = password;
    }

    /**
     * Starts PostgreSQL and returns when it takes connections.
     *
     * @param home directory that keeps the data
     * @param passwordFile where the password is, or will be
     * @param port port on loopback; 0 for any
     */
    public static EmbeddedDatabase start(PostgresBinaries binaries, Path home, Path passwordFile, Path logs, int port) {
        String password = Secrets.made(passwordFile);
        Path data = home.resolve("data");
        if (Files.notExists(data)) {
            initialise(binaries, home, data, passwordFile);
        }
        int chosen = port == 0 ? Ports.anyFree() : port;
        List<String> command = binaries.command(
                "postgres",
                "-D",
                data.toString(),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "port=" + chosen,
                "-c",
                "unix_socket_directories=",
                "-c",
                "max_connections=100",
                "-c",
                "shared_buffers=64MB",
                "-c",
                "jit=off");
        // SIGINT is PostgreSQL's fast shutdown: open connections are ended, the log is flushed.
        EmbeddedDatabase database = new EmbeddedDatabase(
                GuardedProcess.start(new GuardedProcess.Program(
                        "postgresql", command, Map.of(), home, logs, "INT", Duration.ofSeconds(10))),
                chosen,
                password);
        try {
            database.awaitConnections();
            database.createOnce();
            return database;
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + USER;
    }

    /** The variables that tell a controller where its database is. */
    public Map<String, String> environment() {
        return Map.of("FOEDUS_DB_URL", url(), "FOEDUS_DB_USER", USER, "FOEDUS_DB_PASSWORD", password);
    }

    public int port() {
        return port;
    }

    public GuardedProcess process() {
        return server;
    }

    public Connection connect() throws SQLException {
        return connect("foedus");
    }

    @Override
    public void close() {
        server.stop();
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database, USER, password);
    }

    private void awaitConnections() {
        long end = System.nanoTime() + START.toNanos();
        while (true) {
            try (Connection connection = connect("postgres")) {
                if (connection.isValid(5)) {
                    return;
                }
            } catch (SQLException e) {
                if (ended() || System.nanoTime() > end) {
                    throw new Failure(
                            ExitCode.FAILURE,
                            "PostgreSQL does not start: " + server.logTail(3),
                            "Read " + server.log() + ", and run `foedus doctor`.",
                            e);
                }
            }
        }
    }

    /** Lets a moment pass; true when the server ended in it. */
    private boolean ended() {
        try {
            server.onExit().get(50, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException | ExecutionException e) {
            throw new Failure(ExitCode.FAILURE, "interrupted while PostgreSQL started", "", e);
        }
    }

    private void createOnce() {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            if (!statement
                    .executeQuery("SELECT 1 FROM pg_database WHERE datname = 'foedus'")
                    .next()) {
                statement.execute("CREATE DATABASE foedus");
            }
        } catch (SQLException e) {
            throw new Failure(ExitCode.FAILURE, "cannot create the database foedus", "Read " + server.log() + ".", e);
        }
    }

    /** Makes the data directory beside its place and renames it, so that half of one is never taken for one. */
    private static void initialise(PostgresBinaries binaries, Path home, Path data, Path passwordFile) {
        try {
            Path fresh = home.resolve("data.new");
            Directories.delete(fresh);
            Directories.ownersOnly(home);
            Process initdb = new ProcessBuilder(binaries.command(
                            "initdb",
                            "-D",
                            fresh.toString(),
                            "-U",
                            USER,
                            "-A",
                            "scram-sha-256",
                            "--pwfile=" + passwordFile,
                            "-E",
                            "UTF8",
                            "--locale=C"))
                    .redirectErrorStream(true)
                    .start();
            String said = new String(initdb.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (initdb.waitFor() != 0) {
                throw new Failure(
                        ExitCode.CONFIGURATION,
                        "PostgreSQL could not make its data directory " + data + ":\n" + said.strip(),
                        "Mend what it says, or give another directory with --data DIRECTORY.");
            }
            Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot initialise PostgreSQL in " + home, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(ExitCode.FAILURE, "interrupted", "", e);
        }
    }
}
