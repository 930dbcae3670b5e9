package io.foedus.ui;

import io.foedus.federation.Member;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One address for several controllers, as {@code docs/operations.md} wants it: who comes first is sent to one after the
 * other, a cookie sends him to the same one again, and to another when that one is away. Every request has a connection
 * of its own; those that become web sockets live on. Threads may share it.
 */
final class Balancer implements AutoCloseable {
    /** Its value is the name of a controller. */
    static final String COOKIE = "CONTROLLER";

    private static final Pattern CHOSEN = Pattern.compile("(?im)^cookie:.*\\b" + COOKIE + "=([\\w-]+)");
    private static final int DIAL_MILLIS = 2_000;

    private final List<Member> controllers;
    private final ServerSocket server;
    private final AtomicInteger turn = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "balancer");
        thread.setDaemon(true);
        return thread;
    });

    private Balancer(List<Member> controllers, ServerSocket server) {
        this.controllers = controllers;
        this.server = server;
    }

    static Balancer between(List<Member> controllers) {
        try {
            Balancer balancer = new Balancer(controllers, new ServerSocket(0, 256, InetAddress.getLoopbackAddress()));
            balancer.threads.execute(balancer::accept);
            return balancer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket browser = server.accept();
                threads.execute(() -> serve(browser));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket browser) {
        try (browser) {
            String request = head(browser.getInputStream());
            if (request.isEmpty()) {
                return;
            }
            Matcher cookie = CHOSEN.matcher(request);
            String chosen = cookie.find() ? cookie.group(1) : "";
            Choice choice = dial(chosen);
            try (Socket controller = choice.socket()) {
                send(controller, single(request));
                threads.execute(() -> pump(browser, controller));
                String answer = head(controller.getInputStream());
                if (!choice.name().equals(chosen)) {
                    answer = withLine(answer, "Set-Cookie: " + COOKIE + "=" + choice.name() + "; Path=/; HttpOnly");
                }
                send(browser, answer);
                pump(controller, browser);
            }
        } catch (IOException e) {
            // One side went away; closing both tells the other.
        }
    }

    private record Choice(String name, Socket socket) {}

    /** The chosen controller if there is one and it listens, else the next that does. */
    private Choice dial(String chosen) throws IOException {
        IOException away = new IOException("no controller listens");
        int first = turn.getAndIncrement();
        for (int i = -1; i < controllers.size(); i++) {
            Member member = i < 0 ? named(chosen) : controllers.get((first + i) % controllers.size());
            if (member == null) {
                continue;
            }
            Socket socket = new Socket();
            try {
                socket.connect(
                        new InetSocketAddress(
                                member.uri().getHost(), member.uri().getPort()),
                        DIAL_MILLIS);
                return new Choice(member.name(), socket);
            } catch (IOException e) {
                socket.close();
                away.addSuppressed(e);
            }
        }
        throw away;
    }

    private @Nullable Member named(String name) {
        return controllers.stream()
                .filter(member -> member.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** A request after which the connection ends, unless it becomes a web socket. */
    private static String single(String request) {
        return Pattern.compile("(?im)^upgrade:").matcher(request).find()
                ? request
                : withLine(request.replaceAll("(?im)^connection:.*\r\n", ""), "Connection: close");
    }

    private static String withLine(String head, String line) {
        return head.replaceFirst("\r\n", "\r\n" + line + "\r\n");
    }

    /** A message up to the empty line; empty when there is none. */
    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int ended = 0;
        for (int next = in.read(); next >= 0; next = in.read()) {
            head.write(next);
            ended = next == (ended % 2 == 0 ? '\r' : '\n') ? ended + 1 : next == '\r' ? 1 : 0;
            if (ended == 4) {
                return head.toString(StandardCharsets.ISO_8859_1);
            }
        }
        return "";
    }

    private static void send(Socket to, String head) throws IOException {
        OutputStream out = to.getOutputStream();
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // The other direction closes both.
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            threads.shutdownNow();
        }
    }
}
