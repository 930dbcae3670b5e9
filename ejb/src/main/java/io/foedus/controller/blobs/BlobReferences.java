package io.foedus.controller.blobs;

import io.foedus.controller.persistence.Sql;
import jakarta.persistence.EntityManager;

/**
 * Keeps rows that refer to blobs and the collection of blobs apart, over all controllers, by an advisory lock that the
 * transaction holds to its end.
 */
public final class BlobReferences {
    private static final int LOCK = 0x666f6564;

    private BlobReferences() {}

    /** From now on no blob is collected: a row may refer to one that was found in the store. */
    public static void protect(EntityManager entities) {
        Sql.of(entities, "SELECT CAST(pg_advisory_xact_lock_shared(:blobs) AS text)")
                .with("blobs", LOCK)
                .any();
    }

    /** From now on nobody begins to refer to a blob. */
    public static void exclude(EntityManager entities) {
        Sql.of(entities, "SELECT CAST(pg_advisory_xact_lock(:blobs) AS text)")
                .with("blobs", LOCK)
                .any();
    }
}
