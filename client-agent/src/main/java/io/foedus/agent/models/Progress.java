package io.foedus.agent.models;

import io.foedus.agent.console.Output;
import io.foedus.core.aggregation.Fold;
import java.util.concurrent.atomic.AtomicLong;

/** A bar on a terminal's standard error, for work on large files; silent with {@code --json} and in pipes. */
final class Progress implements Fold.Progress {
    private static final int WIDTH = 40;
    private static final long SMALL = 10_000_000;

    private final Output output;
    private final String label;
    private final boolean shown;
    private final AtomicLong done = new AtomicLong();
    private volatile int drawn = -1;

    @SuppressWarnings("SystemConsoleNull") // on later versions the bar merely appears in pipes too
    Progress(Output output, String label) {
        this.output = output;
        this.label = label;
        this.shown = !output.isJson() && System.console() != null;
    }

    @Override
    public void advanced(long elements, long of) {
        long now = done.addAndGet(elements);
        if (shown && of > SMALL) {
            // rules that pass over the files first come round more than once
            draw((int) (WIDTH * Math.min(now, of) / of));
        }
    }

    private synchronized void draw(int filled) {
        if (filled != drawn) {
            drawn = filled;
            output.err().print("\r" + label + " [" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "]");
            output.err().flush();
        }
    }

    void end() {
        if (drawn >= 0) {
            output.err().print("\r" + " ".repeat(label.length() + WIDTH + 3) + "\r");
            output.err().flush();
        }
    }
}
