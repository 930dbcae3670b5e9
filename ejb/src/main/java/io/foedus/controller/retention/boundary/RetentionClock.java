package io.foedus.controller.retention.boundary;

import io.foedus.controller.blobs.Workplace;
import io.foedus.core.blobs.BlobStore;
import io.foedus.core.models.Digest;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** Throws away what is due, when the row says so; the timer only says "look". */
@Singleton
@Startup
@DependsOn("Schema")
@TransactionManagement(TransactionManagementType.BEAN)
public class RetentionClock {
    private static final System.Logger LOG = System.getLogger(RetentionClock.class.getName());
    private static final int BATCH = 500;

    @Inject
    Retention retention;

    @Inject
    BlobStore blobs;

    @Inject
    Workplace workplace;

    @Schedule(hour = "*", minute = "*", second = "30", persistent = false)
    void onTimer() {
        try {
            if (retention.claim()) {
                sweep();
            }
        } catch (RuntimeException | IOException e) {
            LOG.log(System.Logger.Level.WARNING, "old data was not thrown away; tried again when it is due next", e);
        }
    }

    /** Throws everything away that may be thrown away now. */
    void sweep() throws IOException {
        int rows = retention.expire();
        int partials = retention.dropPartials();
        int states = retention.dropOptimizerStates();
        Instant horizon = retention.horizon();
        blobs.forgetTransfers(horizon);
        workplace.forget(horizon);
        int collected = collect(horizon);
        if (rows + partials + states + collected > 0) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "thrown away: {0} old rows, {1} partials, {2} optimizer states, {3} blobs",
                    rows,
                    partials,
                    states,
                    collected);
        }
    }

    private int collect(Instant horizon) throws IOException {
        List<Digest> old = blobs.storedBefore(horizon);
        int collected = 0;
        for (int from = 0; from < old.size(); from += BATCH) {
            collected += retention.collect(old.subList(from, Math.min(old.size(), from + BATCH)));
        }
        return collected;
    }
}
