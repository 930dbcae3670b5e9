package io.foedus.launcher.servers;

import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.launcher.processes.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers at a controller's address while the controller starts, from the first moment on: "try again" to FEDn's
 * client, which gives up for ever at anything else, 503 with {@code Retry-After} to all others. It shares the port with
 * the server ({@link SharedPort}); both answer while both are there, and closing it takes nobody's answer away.
 */
final class Door implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Door.class.getName());
    private static final int BACKLOG = 1_000;
    private static final int THREADS = 16;
    private static final int WAITING = 256;
    private static final int LONGEST_HEAD = 16 << 10;
    private static final int LONGEST_BODY = 64 << 10;
    private static final int LOOK_MILLIS = 100;
    private static final int QUIET_MILLIS = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Pattern LENGTH = Pattern.compile("(?im)^content-length:\\s*(\\d{1,18})\\s*$");
    private static final Pattern FEDN_CLIENT = Pattern.compile("^POST /(fedn/[^/? ]+/)?api/v1/clients/add/?[? ]");
    private static final String WAIT = "The controller starts; try again in a moment.";

    private final ServerSocket port;
    private final ExecutorService answering = new ThreadPoolExecutor(
            THREADS,
            THREADS,
            1,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            Door::daemon,
            new ThreadPoolExecutor.CallerRunsPolicy());
    private final Thread accepting = daemon(this::accept);
    private volatile boolean closing;
    private volatile long end = System.nanoTime() + Long.MAX_VALUE / 2;

    private Door(ServerSocket port) {
        this.port = port;
    }

    /** Takes the port, which must be free, and answers on it. */
    static Door open(String address, int port) {
        Ports.requireFree(address, port);
        try {
            ServerSocket socket = new ServerSocket();
            socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            socket.setSoTimeout(LOOK_MILLIS);
            socket.bind(new InetSocketAddress(address, port), BACKLOG);
            Door door = new Door(socket);
            door.accepting.start();
            return door;
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.CONFLICT,
                    "cannot listen on port " + port + " of " + address + ": " + e.getMessage(),
                    "Choose another port with --port.",
                    e);
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "door");
        thread.setDaemon(true);
        return thread;
    }

    private void accept() {
        try (port) {
            while (System.nanoTime() - end < 0) {
                try {
                    Socket caller = port.accept();
                    answering.execute(() -> answer(caller));
                } catch (SocketTimeoutException e) {
                    if (closing) {
                        return; // nobody waits here any more
                    }
                    // look again
                }
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Nobody answers at the port until the server does: {0}", e.toString());
        } finally {
            answering.shutdown(); // not before: what was accepted is answered
        }
    }

    private static void answer(Socket caller) {
        try (caller) {
            long end = System.nanoTime() + PATIENCE.toNanos();
            String head = head(caller, end);
            if (head.isEmpty()) {
                return;
            }
            Matcher length = LENGTH.matcher(head);
            skip(caller, length.find() ? Math.min(LONGEST_BODY, Long.parseLong(length.group(1))) : 0, end);
            caller.getOutputStream().write(reply(head).getBytes(StandardCharsets.US_ASCII));
            caller.shutdownOutput();
            skip(caller, Long.MAX_VALUE, end); // closing with bytes unread would take the answer away
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "A caller went: {0}", e.toString());
        }
    }

    /** The request's first lines; empty if they do not come in time or are too long. */
    private static String head(Socket caller, long end) throws IOException {
        StringBuilder head = new StringBuilder();
        InputStream in = caller.getInputStream();
        while (head.length() < LONGEST_HEAD) {
            caller.setSoTimeout(left(end));
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
            if (next == '\n' && head.indexOf("\r\n\r\n", head.length() - 4) >= 0) {
                return head.toString();
            }
        }
        return "";
    }

    private static void skip(Socket caller, long bytes, long end) throws IOException {
        byte[] buffer = new byte[8 << 10];
        long missing = bytes;
        while (missing > 0) {
            caller.setSoTimeout(left(end));
            int read = caller.getInputStream().read(buffer, 0, (int) Math.min(buffer.length, missing));
            if (read < 0) {
                return;
            }
            missing -= read;
        }
    }

    private static int left(long end) throws SocketTimeoutException {
        long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (millis <= 0) {
            throw new SocketTimeoutException("too slow");
        }
        return (int) millis;
    }

    /** Whether a body is what stands here to say that the controller starts. */
    static boolean answered(String body) {
        return body.contains("\"code\":\"STARTING\"");
    }

    private static String reply(String head) {
        return FEDN_CLIENT.matcher(head).find()
                ? reply(
                        "203 Non-Authoritative Information",
                        "application/json",
                        "{\"success\":false,\"status\":\"retry\",\"message\":\"" + WAIT + "\"}")
                : reply(
                        "503 Service Unavailable\r\nRetry-After: 2",
                        "application/problem+json",
                        "{\"type\":\"about:blank\",\"title\":\"Not available"
                                + " now\",\"status\":503,\"code\":\"STARTING\",\"detail\":\"" + WAIT + "\"}");
    }

    private static String reply(String status, String type, String body) {
        return String.format(
                Locale.ROOT,
                "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nCache-Control: no-store\r\n"
                        + "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n%s",
                status,
                type,
                body.length(),
                body);
    }

    /**
     * Answers whoever waits here, then leaves the port to the server: as soon as nobody new has come for a moment, or
     * after a while although they come without end.
     */
    @Override
    public void close() {
        try {
            port.setSoTimeout(QUIET_MILLIS);
            end = System.nanoTime() + PATIENCE.toNanos();
            closing = true;
            accepting.join();
            answering.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (SocketException e) {
            LOG.log(Level.DEBUG, "The port is closed already: {0}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
