package io.foedus.db;

import java.io.PrintStream;
import javax.sql.DataSource;

/**
 * Migrates a database from a shell: {@code FOEDUS_DB_URL}, {@code FOEDUS_DB_USER}, {@code FOEDUS_DB_PASSWORD} say
 * which. Exit code 0: at head; 78: refused or not configured.
 */
public final class MigrateDatabase {
    private static final int EX_CONFIG = 78;

    private MigrateDatabase() {}

    public static void main(String... args) {
        PrintStream err = System.err;
        String url = System.getenv("FOEDUS_DB_URL");
        if (url == null || url.isBlank()) {
            err.println("FOEDUS_DB_URL is not set, for example jdbc:postgresql://127.0.0.1:5432/foedus");
            System.exit(EX_CONFIG);
            return;
        }
        DataSource database =
                TimedDataSource.patient(url, System.getenv("FOEDUS_DB_USER"), System.getenv("FOEDUS_DB_PASSWORD"));
        try {
            System.out.println("schema version " + new Migrations(database).migrate());
        } catch (SchemaRefused e) {
            err.println(e.getMessage());
            System.exit(EX_CONFIG);
        }
    }
}
