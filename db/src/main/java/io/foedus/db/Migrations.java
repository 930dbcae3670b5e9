package io.foedus.db;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.jspecify.annotations.Nullable;

/** Brings a PostgreSQL database to the schema of this program. Safe to run from several processes at once. */
public final class Migrations {
    private final Flyway flyway;

    public Migrations(DataSource database) {
        this.flyway = Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(database)
                .locations("classpath:db/migration")
                .validateOnMigrate(true)
                .ignoreMigrationPatterns(new String[0])
                .outOfOrder(false)
                .cleanDisabled(true)
                .load();
    }

    /**
     * Applies what is missing.
     *
     * @return the schema version afterwards
     * @throws SchemaRefused if the schema is newer than this program, was changed by hand or a migration failed
     */
    public String migrate() {
        refuseNewer();
        try {
            flyway.migrate();
        } catch (FlywayException e) {
            throw new SchemaRefused(
                    "the database schema cannot be migrated: " + e.getMessage()
                            + " – restore the backup or mend the named migration, then start again",
                    e);
        }
        return version();
    }

    /** @return the version of the last applied migration, or {@code "0"} of an empty database */
    public String version() {
        MigrationInfo current = flyway.info().current();
        return current == null || current.getVersion() == null
                ? "0"
                : current.getVersion().getVersion();
    }

    /** @return whether every migration of this program, and no other, is applied */
    public boolean isAtHead() {
        return flyway.info().pending().length == 0 && newer() == null;
    }

    private void refuseNewer() {
        MigrationInfo newer = newer();
        if (newer != null) {
            throw new SchemaRefused("the database has schema version " + newer.getVersion()
                    + ", which this program does not know – start the newer Foedus that wrote it, or restore a backup");
        }
    }

    private @Nullable MigrationInfo newer() {
        for (MigrationInfo applied : flyway.info().all()) {
            if (applied.getState() == MigrationState.FUTURE_SUCCESS
                    || applied.getState() == MigrationState.FUTURE_FAILED) {
                return applied;
            }
        }
        return null;
    }
}
