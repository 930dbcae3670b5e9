package io.foedus.launcher.servers;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.URISyntaxException;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs in a server's JVM, which finds it by a system property: the JDK's own channels, but ports are listened on with
 * {@code SO_REUSEPORT}, so that a {@link Door} of the same user can hold a port until the server is there.
 */
public final class SharedPort extends SelectorProvider {
    private final SelectorProvider own;

    /** @throws ReflectiveOperationException if this JDK keeps its own provider somewhere else */
    public SharedPort() throws ReflectiveOperationException {
        own = (SelectorProvider) Class.forName("sun.nio.ch.DefaultSelectorProvider")
                .getMethod("get")
                .invoke(null);
    }

    /** What a JVM needs on its command line for this. */
    static List<String> options() {
        return List.of(
                "-Xbootclasspath/a:" + place(),
                "--add-exports",
                "java.base/sun.nio.ch=ALL-UNNAMED",
                "-Djava.nio.channels.spi.SelectorProvider=" + SharedPort.class.getName());
    }

    private static Path place() {
        try {
            return Path.of(SharedPort.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ServerSocketChannel shared(ServerSocketChannel channel) throws IOException {
        return channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        return shared(own.openServerSocketChannel());
    }

    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        return shared(own.openServerSocketChannel(family));
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        return own.openSocketChannel();
    }

    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
        return own.openSocketChannel(family);
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return own.openDatagramChannel();
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return own.openDatagramChannel(family);
    }

    @Override
    public Pipe openPipe() throws IOException {
        return own.openPipe();
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        return own.openSelector();
    }

    @Override
    public @Nullable Channel inheritedChannel() throws IOException {
        return own.inheritedChannel();
    }
}
