package io.foedus.system;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A TCP link on loopback that can fall quiet: what is sent disappears, connections seem to stay open, new ones seem to
 * be taken, and nobody is told. As a machine without power looks from afar.
 */
final class QuietLink implements Closeable {
    private final ServerSocket door;
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private volatile int target;
    private volatile boolean quiet;

    private QuietLink(ServerSocket door) {
        this.door = door;
    }

    static QuietLink open() {
        try {
            QuietLink link = new QuietLink(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()));
            start(link::accept);
            return link;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return door.getLocalPort();
    }

    /** Leads there from now on; its own port. */
    int to(int port) {
        target = port;
        return port();
    }

    void fallQuiet() {
        quiet = true;
    }

    /** What was swallowed does not come back; those who have not given up yet are cut. */
    void speak() {
        quiet = false;
        for (Socket socket = open.poll(); socket != null; socket = open.poll()) {
            close(socket);
        }
    }

    private void accept() throws IOException {
        while (true) {
            Socket here = door.accept();
            open.add(here);
            if (!quiet) {
                lead(here);
            }
        }
    }

    private void lead(Socket here) {
        try {
            Socket there = new Socket(InetAddress.getLoopbackAddress(), target);
            open.add(there);
            start(() -> pass(here, there));
            start(() -> pass(there, here));
        } catch (IOException e) {
            close(here); // nobody listens
        }
    }

    private void pass(Socket from, Socket to) throws IOException {
        byte[] bytes = new byte[16 << 10];
        try {
            for (int read = from.getInputStream().read(bytes);
                    read >= 0;
                    read = from.getInputStream().read(bytes)) {
                if (!quiet) {
                    to.getOutputStream().write(bytes, 0, read);
                }
            }
        } finally {
            if (!quiet) {
                close(from);
                close(to);
            }
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // closed by either side
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is of no use any more
        }
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        speak();
    }
}
