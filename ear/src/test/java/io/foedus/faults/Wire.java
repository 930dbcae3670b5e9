package io.foedus.faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * The line between two programs, through the test: it listens where one of them dials and dials the other. It can be
 * cut, slowed down, and stopped at an exact byte or at a text that passes. Two threads per connection; threads may
 * share it.
 */
final class Wire implements AutoCloseable {
    private static final int CHUNK = 16 << 10;
    private static final int OPENING = 8 << 10;
    private static final int REQUEST = 256 << 10;
    private static final Duration MOST = Duration.ofSeconds(60);

    /** A direction, as the one who dials sees it. */
    enum Way {
        UP,
        DOWN
    }

    private final String name;
    private final List<Integer> targets = new CopyOnWriteArrayList<>();
    private final ServerSocket server;
    private final Set<Line> lines = ConcurrentHashMap.newKeySet();
    private final List<Stop> stops = new CopyOnWriteArrayList<>();
    private final Map<Way, LongAdder> bytes = Map.of(Way.UP, new LongAdder(), Way.DOWN, new LongAdder());
    private final LongAdder refused = new LongAdder();
    private volatile boolean cut;
    private volatile Duration delay = Duration.ZERO;

    private Wire(String name, int target, ServerSocket server) {
        this.name = name;
        targets.add(target);
        this.server = server;
    }

    /** A line to a port of this machine. */
    static Wire to(String name, int target) {
        try {
            ServerSocket server = new ServerSocket();
            server.setReceiveBufferSize(2 * CHUNK); // what is underway when a line breaks is little
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
            Wire wire = new Wire(name, target, server);
            thread(name, wire::accept);
            return wire;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Dials another port too, where nobody listens on those before it: a balancer between servers. */
    void alsoTo(int other) {
        targets.add(other);
    }

    /** The request, as the bytes that came since the last answer, that contains a text and is not answered yet. */
    byte[] unanswered(String text) {
        return lines.stream()
                .map(Line::request)
                .filter(request -> new String(request, StandardCharsets.ISO_8859_1).contains(text))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no request with '" + text + "' is on " + name));
    }

    /** Sends bytes to the other end on a connection of their own; returns the first bytes of the answer. */
    CompletableFuture<String> send(byte[] request) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        thread(name, () -> {
            try (Socket socket = dial()) {
                socket.getOutputStream().write(request);
                byte[] buffer = new byte[CHUNK];
                int read = socket.getInputStream().read(buffer);
                answer.complete(new String(buffer, 0, Math.max(0, read), StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    /** Whether a connection leaves from that port of this machine. */
    boolean leavesFrom(int port) {
        return lines.stream().anyMatch(line -> line.to.getLocalPort() == port);
    }

    /** Where to dial. */
    int port() {
        return server.getLocalPort();
    }

    /** Bytes that have come in a direction, whether they were passed on or lost. */
    long bytes(Way way) {
        return count(way).sum();
    }

    private LongAdder count(Way way) {
        return Objects.requireNonNull(bytes.get(way));
    }

    /** Resets all connections, and every new one until {@link #mend}. */
    void cut() {
        refused.reset();
        cut = true;
        reset();
    }

    /** Resets all connections. */
    void reset() {
        lines.forEach(Line::reset);
    }

    /** Waits until so many dials have been refused since the {@link #cut}. */
    void awaitRefused(int dials) {
        Awaitility.await(dials + " dials of " + name)
                .atMost(MOST)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .until(() -> refused.sum() >= dials);
    }

    /** Ends {@link #cut} and {@link #delay}; lets go of all that was stopped. */
    void mend() {
        cut = false;
        delay = Duration.ZERO;
        stops.forEach(Stop::release);
    }

    /** Holds back each piece of up to 16 KiB for that long, in both directions. */
    void delay(Duration each) {
        delay = each;
    }

    /**
     * Stops the first connection on which so many bytes have passed since the text did, or since now where the text is
     * empty; with 0 bytes, before the text itself. Other connections go on.
     */
    Stop stopAt(Way way, String text, long after) {
        Stop stop = new Stop(way, text, after);
        stops.add(stop);
        return stop;
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
        stops.forEach(Stop::release);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket from = server.accept();
                if (cut) {
                    refused.increment();
                    reset(from);
                } else {
                    thread(name, () -> connect(from));
                }
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void connect(Socket from) {
        try {
            Socket to = dial();
            from.setTcpNoDelay(true);
            to.setTcpNoDelay(true);
            Line line = new Line(from, to);
            lines.add(line);
            if (cut) {
                line.reset();
            }
            thread(name + " down", () -> line.pump(Way.DOWN));
            line.pump(Way.UP);
        } catch (IOException e) {
            reset(from); // as if nobody listened
        }
    }

    private Socket dial() throws IOException {
        for (int target : targets) {
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
                return socket;
            } catch (ConnectException e) {
                socket.close();
            }
        }
        throw new ConnectException("nobody listens behind " + name);
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // it has gone already
        }
    }

    private static void thread(String name, Runnable task) {
        Thread thread = new Thread(task, "wire " + name);
        thread.setDaemon(true);
        thread.start();
    }

    /** One connection. */
    final class Line {
        private final Socket from;
        private final Socket to;
        private final StringBuilder opening = new StringBuilder();
        private final CountDownLatch ended = new CountDownLatch(1);
        private final ByteArrayOutputStream request = new ByteArrayOutputStream();
        private boolean answered;
        private final AtomicInteger halves = new AtomicInteger();

        Line(Socket from, Socket to) {
            this.from = from;
            this.to = to;
        }

        /** The first bytes that the dialling side sent, as text. */
        String opening() {
            synchronized (opening) {
                return opening.toString();
            }
        }

        private byte[] request() {
            synchronized (request) {
                return answered ? new byte[0] : request.toByteArray();
            }
        }

        /** Keeps what came up since the last bytes down, as far as it is small. */
        private void note(Way way, byte[] buffer, int length) {
            synchronized (request) {
                if (way == Way.UP && answered) {
                    request.reset();
                }
                if (way == Way.UP && request.size() < REQUEST) {
                    request.write(buffer, 0, length);
                }
                answered = way == Way.DOWN;
            }
        }

        /** Breaks the connection on both sides at once. */
        void reset() {
            lines.remove(this);
            Wire.reset(from);
            Wire.reset(to);
            ended.countDown();
        }

        private void pump(Way way) {
            Map<Stop, Scan> scans = new HashMap<>();
            byte[] buffer = new byte[CHUNK];
            try {
                InputStream in = (way == Way.UP ? from : to).getInputStream();
                OutputStream out = (way == Way.UP ? to : from).getOutputStream();
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    pass(way, buffer, read, out, scans);
                }
                (way == Way.UP ? to : from).shutdownOutput();
                if (halves.incrementAndGet() == 2) {
                    lines.remove(this);
                    from.close();
                    to.close();
                }
            } catch (IOException e) {
                reset();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                reset();
            }
        }

        private void pass(Way way, byte[] buffer, int length, OutputStream out, Map<Stop, Scan> scans)
                throws IOException, InterruptedException {
            if (way == Way.UP) {
                synchronized (opening) {
                    if (opening.length() < OPENING) {
                        opening.append(new String(buffer, 0, length, StandardCharsets.ISO_8859_1));
                    }
                }
            }
            note(way, buffer, length);
            count(way).add(length);
            if (!delay.isZero()) {
                ended.await(delay.toMillis(), TimeUnit.MILLISECONDS);
            }
            int passed = 0;
            for (Stop stop : stops) {
                if (stop.way == way && !stop.isOver()) {
                    int at = scans.computeIfAbsent(stop, Scan::new).feed(buffer, length);
                    if (at >= passed && stop.hit.complete(this)) {
                        out.write(buffer, passed, at - passed);
                        passed = at;
                        stop.released.await();
                    }
                }
            }
            out.write(buffer, passed, length - passed);
        }
    }

    /** Where one connection is on its way to a stop. */
    private static final class Scan {
        private final Stop stop;
        private String before = "";
        private long left;
        private boolean found;

        Scan(Stop stop) {
            this.stop = stop;
            this.left = stop.after;
            this.found = stop.text.isEmpty();
        }

        /** Where in these bytes to stop, or -1. */
        int feed(byte[] buffer, int length) {
            int begin = 0;
            if (!found) {
                String text = before + new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
                int match = text.indexOf(stop.text);
                if (match < 0) {
                    before = text.substring(Math.max(0, text.length() - stop.text.length() + 1));
                    return -1;
                }
                found = true;
                if (stop.after == 0) {
                    return Math.max(0, match - before.length());
                }
                begin = match + stop.text.length() - before.length();
            }
            if (left > length - begin) {
                left -= length - begin;
                return -1;
            }
            return (int) (begin + left);
        }
    }

    /** A place in the traffic where one connection is held, in one direction, until the test lets it go on. */
    final class Stop {
        private final Way way;
        private final String text;
        private final long after;
        private final CompletableFuture<Line> hit = new CompletableFuture<>();
        private final CountDownLatch released = new CountDownLatch(1);

        private Stop(Way way, String text, long after) {
            this.way = way;
            this.text = text;
            this.after = after;
        }

        /** Waits until a connection is held here, and returns it. */
        Line await() {
            try {
                return hit.get(MOST.toSeconds(), TimeUnit.SECONDS);
            } catch (TimeoutException | ExecutionException e) {
                throw new AssertionError("nothing came to " + this, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        /** Whether a connection is held here, or was. */
        boolean isHit() {
            return line() != null;
        }

        /** The connection that is held or was, or null. */
        @Nullable Line line() {
            return hit.getNow(null);
        }

        /** Lets it go on; nothing stops here any more. */
        void release() {
            hit.cancel(false);
            released.countDown();
            stops.remove(this);
        }

        private boolean isOver() {
            return hit.isDone();
        }

        @Override
        public String toString() {
            return name + " " + way + " '" + text + "' + " + after + " bytes";
        }
    }
}
