package io.foedus.agent.console;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** The log of a long-running command on standard error: one line per record in UTC, as text or as one JSON object. */
public final class LogLines extends Formatter {
    // Static fields, because the log manager holds loggers weakly.
    private static final Logger FOEDUS = Logger.getLogger("io.foedus");
    private static final Logger GRPC = Logger.getLogger("io.grpc");

    private final boolean json;

    private LogLines(boolean json) {
        this.json = json;
    }

    /** Sends all logging of this process there. */
    public static void install(boolean json, boolean verbose) {
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        ConsoleHandler handler = new ConsoleHandler();
        handler.setLevel(verbose ? Level.FINE : Level.INFO);
        handler.setFormatter(new LogLines(json));
        root.addHandler(handler);
        FOEDUS.setLevel(verbose ? Level.FINE : Level.INFO);
        GRPC.setLevel(Level.WARNING);
    }

    /** Leaves out what is less than that, for commands whose own output matters. */
    public static void only(Level level) {
        FOEDUS.setLevel(level);
    }

    @Override
    public String format(LogRecord entry) {
        Instant when = Instant.ofEpochMilli(entry.getMillis()).truncatedTo(ChronoUnit.MILLIS);
        String message = FailureReport.printable(formatMessage(entry)).replace("\n", json ? "\n" : "\n    ");
        Throwable thrown = entry.getThrown();
        if (json) {
            var object = Json.object()
                    .put("time", when.toString())
                    .put("level", entry.getLevel().getName())
                    .put("logger", entry.getLoggerName())
                    .put("message", message);
            if (thrown != null) {
                object.put("exception", trace(thrown));
            }
            return Json.line(object) + "\n";
        }
        return String.format(
                "%s %-7s %s%n%s", when, entry.getLevel().getName(), message, thrown == null ? "" : trace(thrown));
    }

    private static String trace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
