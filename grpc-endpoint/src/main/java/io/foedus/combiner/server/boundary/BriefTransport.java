package io.foedus.combiner.server.boundary;

import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * The transport logs a stack trace when a message is larger than is taken, which anybody can send. One line says as
 * much.
 */
final class BriefTransport implements Filter {
    /** Held, because loggers that nobody holds are forgotten with their filters. */
    private static final Logger TRANSPORT = Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerStream");

    private BriefTransport() {}

    /** For all servers of this process. */
    static void install() {
        TRANSPORT.setFilter(new BriefTransport());
    }

    @Override
    public boolean isLoggable(LogRecord line) {
        Throwable cause = line.getThrown();
        if (cause != null) {
            line.setMessage("A message is refused: " + cause.getMessage());
            line.setThrown(null);
        }
        return true;
    }
}
