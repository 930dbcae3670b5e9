package io.foedus.controller.scrub.boundary;

import io.foedus.core.blobs.BlobStore;
import io.foedus.core.blobs.Soundness;
import io.foedus.core.models.Digest;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/** Reads blobs again and compares them with their digests. Blocks while it reads; holds no transaction meanwhile. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Scrub {
    private static final System.Logger LOG = System.getLogger(Scrub.class.getName());
    private static final int BATCH = 100;

    @Inject
    BlobStore blobs;

    @Inject
    BlobChecks checks;

    @Inject
    Clock clock;

    /** Looks at each of these now. */
    public void check(Collection<Digest> digests) {
        digests.forEach(this::check);
    }

    /**
     * Goes through what is due for about that long.
     *
     * @return how many blobs were read
     */
    public int scrub(Duration most) {
        Instant end = clock.instant().plus(most);
        int read = 0;
        for (Digest digest : checks.due(BATCH)) {
            if (!clock.instant().isBefore(end)) {
                break;
            }
            check(digest);
            read++;
        }
        return read;
    }

    private void check(Digest digest) {
        try {
            Instant begun = clock.instant();
            Soundness soundness = blobs.check(digest);
            if (soundness != Soundness.SOUND) {
                LOG.log(System.Logger.Level.ERROR, "blob={0} {1}", digest, soundness.words());
            }
            checks.found(digest, soundness, begun);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
