package io.foedus.faults;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Counts each test of a class as a fault in the {@link Score} that the {@link SharedStage} keeps. */
final class Scored implements TestWatcher {
    @Override
    public void testSuccessful(ExtensionContext context) {
        score(context).survived(context.getDisplayName());
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        score(context).lost(context.getDisplayName(), cause);
    }

    @Override
    public void testAborted(ExtensionContext context, Throwable cause) {
        score(context).skipped(context.getDisplayName(), String.valueOf(cause.getMessage()));
    }

    private static Score score(ExtensionContext context) {
        return SharedStage.score(context);
    }
}
