package io.foedus.agent.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A TCP proxy that resets connections: each of the first ones after so many bytes from the client. */
final class CuttingProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final int target;
    private final long cutAfter;
    private final AtomicInteger cutsLeft;
    private final AtomicLong fromClient = new AtomicLong();
    private final AtomicLong fromServer = new AtomicLong();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    CuttingProxy(int target, long cutAfter, int cuts) throws IOException {
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.target = target;
        this.cutAfter = cutAfter;
        this.cutsLeft = new AtomicInteger(cuts);
        threads.execute(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    int cutsLeft() {
        return cutsLeft.get();
    }

    /** All that was read from clients, also what was never passed on. */
    long bytesFromClient() {
        return fromClient.get();
    }

    /** All that was read from the server. */
    long bytesFromServer() {
        return fromServer.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                boolean cut = cutsLeft.get() > 0;
                threads.execute(() -> pump(client, server, fromClient, cut));
                threads.execute(() -> pump(server, client, fromServer, cut));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    /** Whichever direction has carried its share first takes both down. */
    private void pump(Socket from, Socket to, AtomicLong counter, boolean cut) {
        byte[] buffer = new byte[16 << 10];
        long passed = 0;
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                counter.addAndGet(read);
                out.write(buffer, 0, read);
                passed += read;
                if (cut && passed >= cutAfter) {
                    cutsLeft.decrementAndGet();
                    reset(from);
                    reset(to);
                    return;
                }
            }
        } catch (IOException e) {
            // the other direction was first
        }
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }
}
