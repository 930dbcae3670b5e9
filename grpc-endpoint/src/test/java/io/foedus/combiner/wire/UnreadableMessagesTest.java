package io.foedus.combiner.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedOutputStream;
import io.foedus.combiner.configuration.ConfigReader;
import io.foedus.combiner.local.LocalFederation;
import io.foedus.combiner.server.boundary.CombinerServer;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that are not what a call takes: the sender hears what is wrong, the log gets a line each and no more. */
class UnreadableMessagesTest {
    private static final byte[] GARBAGE = {(byte) 0xff, (byte) 0xff, (byte) 0xff, 1, 2, 3};
    /** A field that the message does not have, of 64 MiB of zeros, which are 64 KiB on the wire. */
    private static final byte[] BOMB = bomb(64 << 20);

    private static final String PUBLIC = "fedn.Connector/SendHeartbeat";

    @TempDir
    Path dir;

    private final List<LogRecord> log = new CopyOnWriteArrayList<>();
    private final Logger root = Logger.getLogger("");
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord line) {
            log.add(line);
        }

        @Override
        public void flush() {
            // nothing is held back
        }

        @Override
        public void close() {
            // nothing is open
        }
    };

    private LocalFederation federation;
    private CombinerServer server;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        federation = LocalFederation.start(dir);
        server = new CombinerServer(
                ConfigReader.read(key -> key.endsWith(".port") ? Optional.of("0") : Optional.empty()),
                federation.combiner().services(),
                federation.calls);
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .build();
        root.addHandler(listener);
    }

    @AfterEach
    void stop() {
        root.removeHandler(listener);
        channel.shutdownNow();
        server.close();
        federation.close();
    }

    @Test
    void what_is_no_message_is_an_invalid_argument_for_anybody() throws Exception {
        assertThat(send(PUBLIC, MethodDescriptor.MethodType.UNARY, GARBAGE, false)
                        .getCode())
                .isEqualTo(Status.Code.INVALID_ARGUMENT);

        assertNoStackTraces();
        assertThat(log)
                .filteredOn(line -> line.getMessage().startsWith("A message is refused"))
                .hasSize(1);
    }

    @Test
    void what_is_no_message_is_an_invalid_argument_in_a_stream_of_an_agent_too() throws Exception {
        assertThat(send("foedus.v1.Federation/Work", MethodDescriptor.MethodType.BIDI_STREAMING, GARBAGE, false)
                        .getCode())
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(send("foedus.v1.Federation/Upload", MethodDescriptor.MethodType.CLIENT_STREAMING, GARBAGE, false)
                        .getCode())
                .isEqualTo(Status.Code.INVALID_ARGUMENT);

        assertNoStackTraces();
    }

    @Test
    void a_message_that_unpacks_to_too_much_is_exhausting() throws Exception {
        assertThat(send(PUBLIC, MethodDescriptor.MethodType.UNARY, BOMB, true).getCode())
                .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);

        assertNoStackTraces();
    }

    @Test
    void a_message_that_is_too_large_is_refused_without_a_stack_trace() throws Exception {
        assertThat(send(PUBLIC, MethodDescriptor.MethodType.UNARY, new byte[4 << 20], false)
                        .getCode())
                .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);

        assertNoStackTraces();
    }

    private static byte[] bomb(int size) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(size);
        try {
            CodedOutputStream message = CodedOutputStream.newInstance(bytes);
            message.writeByteArray(1_000, new byte[size - 16]);
            message.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private void assertNoStackTraces() {
        assertThat(log).allSatisfy(line -> assertThat(line.getThrown()).isNull());
    }

    private Status send(String method, MethodDescriptor.MethodType type, byte[] message, boolean gzip)
            throws Exception {
        MethodDescriptor<byte[], byte[]> descriptor = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setFullMethodName(method)
                .setType(type)
                .setRequestMarshaller(new Raw())
                .setResponseMarshaller(new Raw())
                .build();
        ClientCall<byte[], byte[]> call =
                channel.newCall(descriptor, gzip ? CallOptions.DEFAULT.withCompression("gzip") : CallOptions.DEFAULT);
        CompletableFuture<Status> end = new CompletableFuture<>();
        Metadata headers = new Metadata();
        if (!method.equals(PUBLIC)) {
            headers.put(
                    Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                    "Bearer "
                            + federation.controller.ticket(
                                    UUID.randomUUID(), LocalFederation.ALLIANCE, "agent", Duration.ofHours(1)));
        }
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        end.complete(status);
                    }
                },
                headers);
        call.request(1);
        call.setMessageCompression(gzip);
        call.sendMessage(message);
        call.halfClose();
        return end.get(20, TimeUnit.SECONDS);
    }

    /** Bytes as they are. */
    private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
