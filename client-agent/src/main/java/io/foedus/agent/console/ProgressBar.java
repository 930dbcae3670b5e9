package io.foedus.agent.console;

import java.util.Locale;
import java.util.function.LongConsumer;

/**
 * How far a transfer is, on standard error: a bar on a terminal, a line each tenth elsewhere, nothing with
 * {@code --json} or for what is done in a moment. Any thread may report.
 */
public final class ProgressBar implements LongConsumer, AutoCloseable {
    private static final int WIDTH = 40;
    private static final long SMALL = 4 << 20;

    private final Output output;
    private final String label;
    private final long size;
    private final boolean bar;
    private long step = -1;

    @SuppressWarnings("SystemConsoleNull") // on later versions the bar merely appears in pipes too
    public ProgressBar(Output output, String label, long size) {
        this.output = output;
        this.label = label;
        this.size = size;
        this.bar = System.console() != null;
    }

    @Override
    public synchronized void accept(long bytes) {
        long now = bytes * (bar ? WIDTH : 10) / Math.max(1, size);
        if (output.isJson() || size < SMALL || now == step) {
            return;
        }
        step = now;
        String amount = String.format(Locale.ROOT, "%.1f of %.1f MB", bytes / 1e6, size / 1e6);
        if (bar) {
            int filled = (int) Math.min(WIDTH, now);
            output.err().print("\r" + label + " [" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + amount);
        } else {
            output.err().println(label + " " + amount);
        }
        output.err().flush();
    }

    @Override
    public synchronized void close() {
        if (bar && step >= 0) {
            output.err().println();
            output.err().flush();
        }
    }
}
