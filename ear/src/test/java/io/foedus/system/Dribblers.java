package io.foedus.system;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Callers who begin a request and then send it a byte at a time, each on a connection of its own. */
final class Dribblers implements AutoCloseable {
    private final List<SocketChannel> open = new ArrayList<>();
    private final ByteBuffer heard = ByteBuffer.allocate(16 << 10);

    /**
     * @param beginning what each of them sends at once
     * @param count how many they are
     */
    Dribblers(URI server, String beginning, int count) throws IOException {
        byte[] bytes = beginning.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < count; i++) {
            SocketChannel socket = SocketChannel.open(new InetSocketAddress(server.getHost(), server.getPort()));
            socket.write(ByteBuffer.wrap(bytes));
            socket.configureBlocking(false);
            open.add(socket);
        }
    }

    /** Those who have heard nothing yet send one more byte each; how many there are still. */
    int dribble() {
        open.removeIf(this::isOver);
        return open.size();
    }

    private boolean isOver(SocketChannel socket) {
        try {
            socket.write(ByteBuffer.wrap(new byte[] {'x'}));
            heard.clear();
            if (socket.read(heard) == 0) {
                return false;
            }
            socket.close();
        } catch (IOException e) {
            // reset: that is an answer too
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel socket : open) {
            socket.close();
        }
    }
}
