package io.foedus.controller.testing;

import io.foedus.db.Migrations;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Persistence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;

/**
 * One PostgreSQL for all tests of a JVM, in a time zone that is not UTC; each test gets a migrated database that is as
 * empty as a new one. A closed database is emptied and handed to the next test, with its entity manager factory: to
 * make both takes longer than most tests.
 */
public final class TestDatabase implements AutoCloseable {
    private static final EmbeddedPostgres POSTGRES = start();
    private static final Deque<Pooled> IDLE = new ArrayDeque<>();

    /** In the template: what migrations wrote, and a function that brings a database back to that. */
    private static final String RESET = """
            CREATE SCHEMA seed;
            CREATE TABLE seed.chore AS TABLE public.chore;
            CREATE FUNCTION seed.reset() RETURNS void LANGUAGE plpgsql SET session_replication_role = replica AS $$
            DECLARE each record;
            BEGIN
              FOR each IN SELECT tablename FROM pg_tables
                  WHERE schemaname = 'public' AND tablename <> 'flyway_schema_history' LOOP
                EXECUTE format('DELETE FROM public.%I', each.tablename);
              END LOOP;
              FOR each IN SELECT schemaname, sequencename FROM pg_sequences WHERE last_value IS NOT NULL LOOP
                PERFORM setval(format('%I.%I', each.schemaname, each.sequencename), 1, false);
              END LOOP;
              INSERT INTO public.chore TABLE seed.chore;
            END $$
            """;

    private static int count;

    private final Pooled pooled;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private TestDatabase(Pooled pooled) {
        this.pooled = pooled;
    }

    /** A migrated database and what it takes to use it. */
    private record Pooled(DataSource source, String url, EntityManagerFactory factory) {
        static Pooled made() throws SQLException {
            String name = "t" + ++count;
            try (Connection admin = POSTGRES.getPostgresDatabase().getConnection();
                    Statement sql = admin.createStatement()) {
                if (count == 1) {
                    migrateTemplate();
                }
                sql.execute("CREATE DATABASE " + name + " TEMPLATE template1");
            }
            DataSource source = POSTGRES.getDatabase("postgres", name);
            Map<String, Object> settings = new HashMap<>();
            settings.put("jakarta.persistence.transactionType", "RESOURCE_LOCAL");
            settings.put("jakarta.persistence.jtaDataSource", "");
            settings.put("jakarta.persistence.nonJtaDataSource", source);
            settings.put("eclipselink.weaving", "false");
            settings.put("eclipselink.session-name", "foedus-" + name);
            return new Pooled(
                    source,
                    POSTGRES.getJdbcUrl("postgres", name),
                    Persistence.createEntityManagerFactory("foedus", settings));
        }

        private static void migrateTemplate() throws SQLException {
            new Migrations(POSTGRES.getTemplateDatabase()).migrate();
            try (Connection template = POSTGRES.getTemplateDatabase().getConnection();
                    Statement sql = template.createStatement()) {
                sql.execute(RESET);
            }
        }

        void reset() throws SQLException {
            factory.getCache().evictAll();
            try (Connection connection = source.getConnection();
                    Statement sql = connection.createStatement()) {
                sql.execute("SET lock_timeout = '10s'");
                sql.execute("SELECT seed.reset()");
            }
        }
    }

    /** A database with the current schema and nothing in it, until it is closed. */
    public static synchronized TestDatabase migrated() {
        try {
            Pooled idle = IDLE.poll();
            return new TestDatabase(idle == null ? Pooled.made() : idle);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A new database without any table. */
    public static synchronized DataSource empty() {
        String name = "e" + ++count;
        try (Connection admin = POSTGRES.getPostgresDatabase().getConnection();
                Statement sql = admin.createStatement()) {
            sql.execute("CREATE DATABASE " + name + " TEMPLATE template0");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return POSTGRES.getDatabase("postgres", name);
    }

    private static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.builder()
                    .setServerConfig("timezone", "Pacific/Chatham")
                    .setServerConfig("fsync", "off")
                    .setServerConfig("max_connections", "200")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public DataSource source() {
        return pooled.source();
    }

    public String url() {
        return pooled.url();
    }

    public EntityManagerFactory factory() {
        return pooled.factory();
    }

    /** Runs SQL outside any entity manager, to arrange or to look. */
    public void execute(String statement) {
        try (Connection connection = source().getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(statement, e);
        }
    }

    /** Empties the database and leaves it to the next test. */
    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            try {
                pooled.reset();
            } catch (SQLException e) {
                throw new IllegalStateException("the test left its database in use", e);
            }
            synchronized (TestDatabase.class) {
                IDLE.push(pooled);
            }
        }
    }
}
