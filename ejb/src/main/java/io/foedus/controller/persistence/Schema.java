package io.foedus.controller.persistence;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.db.Migrations;
import io.foedus.db.TimedDataSource;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.annotation.sql.DataSourceDefinition;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * Brings the schema to this program's version before anything else starts; every other start-up bean depends on it
 * ({@code @DependsOn("Schema")}). A schema that is refused ends the deployment, with the reason in the log.
 *
 * <p>It also is the one place that defines the data source, from {@code FOEDUS_DB_URL}, {@code FOEDUS_DB_USER} and
 * {@code FOEDUS_DB_PASSWORD}. A connection is tried before it is given out, and one failure empties the pool, so that
 * the first request after a restart of PostgreSQL succeeds. Nothing that goes through it waits for ever, see
 * {@link TimedDataSource}; migrations do not go through it, as they take as long as the tables need.
 */
@Singleton
@Startup
@TransactionManagement(TransactionManagementType.BEAN)
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@DataSourceDefinition(
        name = Schema.DATA_SOURCE,
        className = "io.foedus.db.TimedDataSource",
        url = "${ENV=FOEDUS_DB_URL}",
        user = "${ENV=FOEDUS_DB_USER}",
        password = "${ENV=FOEDUS_DB_PASSWORD}",
        minPoolSize = 2,
        maxPoolSize = 24,
        properties = {
            "fish.payara.is-connection-validation-required=true",
            "fish.payara.connection-validation-method=custom-validation",
            "fish.payara.validation-classname=org.glassfish.api.jdbc.validation.PostgresConnectionValidation",
            "fish.payara.fail-all-connections=true"
        })
public class Schema {
    public static final String DATA_SOURCE = "java:global/jdbc/foedus";
    private static final System.Logger LOG = System.getLogger(Schema.class.getName());

    @Resource(lookup = DATA_SOURCE)
    DataSource database;

    @Inject
    ControllerConfig config;

    private String version;

    @PostConstruct
    void bringToHead() {
        ControllerConfig.Database where = config.database();
        version = new Migrations(TimedDataSource.patient(where.url(), where.user(), where.password())).migrate();
        LOG.log(System.Logger.Level.INFO, "database schema is at version={0}", version);
    }

    /** @return whether the database answers and still has the schema of this program; for readiness probes */
    public boolean isReady() {
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement();
                ResultSet applied = sql.executeQuery("SELECT version FROM flyway_schema_history"
                        + " WHERE success AND version IS NOT NULL ORDER BY installed_rank DESC LIMIT 1")) {
            return applied.next() && applied.getString(1).equals(version);
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.DEBUG, "database does not answer", e);
            return false;
        }
    }
}
