package io.foedus.controller.blobs;

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
        entities.createNativeQuery("SELECT 1, pg_advisory_xact_lock_shared(" + LOCK + ")::text")
                .getSingleResult();
    }

    /** From now on nobody begins to refer to a blob. */
    public static void exclude(EntityManager entities) {
        entities.createNativeQuery("SELECT 1, pg_advisory_xact_lock(" + LOCK + ")::text")
                .getSingleResult();
    }
}
