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
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;

/**
 * One PostgreSQL for all tests of a JVM, in a time zone that is not UTC; each test gets an empty, migrated database.
 */
public final class TestDatabase implements AutoCloseable {
    private static final EmbeddedPostgres POSTGRES = start();
    private static int count;

    private final DataSource source;
    private final String url;
    private final EntityManagerFactory factory;

    private TestDatabase(DataSource source, String url) {
        this.source = source;
        this.url = url;
        Map<String, Object> settings = new HashMap<>();
        settings.put("jakarta.persistence.transactionType", "RESOURCE_LOCAL");
        settings.put("jakarta.persistence.jtaDataSource", "");
        settings.put("jakarta.persistence.nonJtaDataSource", source);
        settings.put("eclipselink.weaving", "false");
        settings.put("eclipselink.session-name", "foedus-" + url.hashCode());
        this.factory = Persistence.createEntityManagerFactory("foedus", settings);
    }

    /** A new database with the current schema; it lives as long as the JVM. */
    public static synchronized TestDatabase migrated() {
        String name = "t" + ++count;
        try (Connection admin = POSTGRES.getPostgresDatabase().getConnection();
                Statement sql = admin.createStatement()) {
            if (count == 1) {
                new Migrations(POSTGRES.getTemplateDatabase()).migrate();
            }
            sql.execute("CREATE DATABASE " + name + " TEMPLATE template1");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new TestDatabase(POSTGRES.getDatabase("postgres", name), POSTGRES.getJdbcUrl("postgres", name));
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
        return source;
    }

    public String url() {
        return url;
    }

    public EntityManagerFactory factory() {
        return factory;
    }

    /** Runs SQL outside any entity manager, to arrange or to look. */
    public void execute(String statement) {
        try (Connection connection = source.getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(statement, e);
        }
    }

    @Override
    public void close() {
        factory.close();
    }
}
