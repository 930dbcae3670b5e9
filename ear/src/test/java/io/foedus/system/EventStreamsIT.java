package io.foedus.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foedus.federation.Federation;
import io.foedus.federation.Full;
import io.foedus.federation.Rest;
import io.foedus.federation.SharedFederation;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Streams of events that callers open and leave. */
@Full
@ExtendWith(SharedFederation.class)
class EventStreamsIT {
    private final Federation federation;
    private final Rest rest;
    private final RawHttp raw;

    EventStreamsIT(Federation federation) {
        this.federation = federation;
        rest = federation.rest();
        raw = new RawHttp(federation);
    }

    @Test
    void event_streams_of_one_caller_have_a_bound_and_their_places_come_back() throws IOException {
        String path = federation.alliance("streams").path("/events/stream");
        List<Socket> streams = new ArrayList<>();
        try {
            for (int i = 0; i < 16; i++) {
                streams.add(raw.socket());
                assertThat(stream(streams.get(i), path)).startsWith("HTTP/1.1 200");
            }
            try (Socket more = raw.socket()) {
                assertThat(stream(more, path)).startsWith("HTTP/1.1 503").contains("Retry-After");
            }
        } finally {
            for (Socket open : streams) {
                open.close();
            }
        }

        await().atMost(Duration.ofMinutes(2)).until(() -> {
            try (Socket again = raw.socket()) {
                return stream(again, path).startsWith("HTTP/1.1 200");
            }
        });
    }

    private String stream(Socket socket, String path) throws IOException {
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nAuthorization: Bearer "
                                + rest.token().orElseThrow() + "\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
        byte[] bytes = new byte[8 << 10];
        int read = socket.getInputStream().read(bytes);
        return new String(bytes, 0, Math.max(0, read), StandardCharsets.ISO_8859_1);
    }
}
