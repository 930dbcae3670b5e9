package io.foedus.controller.persistence;

import org.eclipse.persistence.config.SessionCustomizer;
import org.eclipse.persistence.sessions.DatabaseLogin;
import org.eclipse.persistence.sessions.Session;

/**
 * A query that finds no database fails at once. EclipseLink would try it thrice more, five seconds apart, with a thread
 * that waits; whoever asked knows better when to come again.
 */
public class AtOnce implements SessionCustomizer {
    @Override
    public void customize(Session session) {
        ((DatabaseLogin) session.getDatasourceLogin()).setQueryRetryAttemptCount(0);
    }
}
