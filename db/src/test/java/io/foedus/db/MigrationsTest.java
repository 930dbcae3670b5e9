package io.foedus.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MigrationsTest {
    private static EmbeddedPostgres postgres;
    private static int count;
    private DataSource database;

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.start();
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    @BeforeEach
    void emptyDatabase() throws SQLException {
        String name = "d" + ++count;
        run(postgres.getPostgresDatabase(), "CREATE DATABASE " + name);
        database = postgres.getDatabase("postgres", name);
    }

    @Test
    void an_empty_database_is_brought_to_head_and_again_without_change() {
        String version = new Migrations(database).migrate();
        assertThat(new Migrations(database).migrate()).isEqualTo(version);
        assertThat(new Migrations(database).isAtHead()).isTrue();
    }

    @Test
    void a_newer_schema_is_refused_with_its_version() throws SQLException {
        new Migrations(database).migrate();
        run(
                database,
                "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum,"
                        + " installed_by, execution_time, success)"
                        + " VALUES (99, '99', 'later', 'SQL', 'V99__later.sql', 1, 'x', 1, true)");
        assertThat(new Migrations(database).isAtHead()).isFalse();
        assertThatThrownBy(() -> new Migrations(database).migrate())
                .isInstanceOf(SchemaRefused.class)
                .hasMessageContaining("99")
                .hasMessageContaining("newer Foedus");
    }

    @Test
    void a_dirty_schema_is_refused() throws SQLException {
        new Migrations(database).migrate();
        run(database, "UPDATE flyway_schema_history SET checksum = checksum + 1");
        assertThatThrownBy(() -> new Migrations(database).migrate())
                .isInstanceOf(SchemaRefused.class)
                .hasMessageContaining("cannot be migrated");
    }

    private static void run(DataSource source, String statement) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }
}
