package io.foedus.controller.scrub.boundary;

import jakarta.ejb.DependsOn;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.inject.Inject;
import java.time.Duration;

/** Has one controller of the installation scrub for a few seconds of each minute. */
@Singleton
@Startup
@DependsOn("Schema")
@TransactionManagement(TransactionManagementType.BEAN)
public class ScrubClock {
    private static final System.Logger LOG = System.getLogger(ScrubClock.class.getName());
    private static final Duration EVERY = Duration.ofSeconds(50);
    private static final Duration AT_A_TIME = Duration.ofSeconds(5);

    @Inject
    Scrub scrub;

    @Inject
    BlobChecks checks;

    @Schedule(hour = "*", minute = "*", second = "45", persistent = false)
    void onTimer() {
        try {
            if (checks.claim(EVERY)) {
                scrub.scrub(AT_A_TIME);
            }
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "blobs were not read again; tried again in a minute", e);
        }
    }
}
