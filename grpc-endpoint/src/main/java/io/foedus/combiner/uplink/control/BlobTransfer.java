package io.foedus.combiner.uplink.control;

import io.foedus.core.blobs.PartialFile;
import io.foedus.core.exchange.Membership;
import io.foedus.core.models.Digest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** Bytes by digest, both ways, resumed where they broke. */
final class BlobTransfer {
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private static final long WORTH_ASKING = 1 << 20;

    private final RestCall rest;

    BlobTransfer(RestCall rest) {
        this.rest = rest;
    }

    void fetch(Membership me, String digest, Path target) throws IOException {
        try (PartialFile file = PartialFile.open(target, new Digest(digest))) {
            HttpRequest.Builder request = rest.to("/api/blobs/" + digest, me.bearer(), PATIENCE);
            if (file.length() > 0) {
                request.header("Range", "bytes=" + file.length() + "-");
            }
            HttpResponse<InputStream> response = rest.send(request.GET().build(), BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                receive(response.statusCode(), digest, body, file);
            }
            file.complete();
        }
    }

    private static void receive(int status, String digest, InputStream body, PartialFile file) throws IOException {
        if (status == 416) {
            return; // everything is here already
        }
        if (status == 404) {
            throw new ControllerRefusal(status, "", "the controller has no bytes of " + digest);
        }
        if (status == 401 || status == 403 || status == 410) {
            throw new ControllerRefusal(status, "", "the controller refuses the bytes of " + digest);
        }
        if (status != 200 && status != 206) {
            throw new IOException("the controller answered " + status + " for the bytes of " + digest);
        }
        file.receive(body::read, status == 206, length -> {});
    }

    void store(Membership me, String digest, Path file) throws IOException {
        long size = Files.size(file);
        long offset = 0;
        if (size > WORTH_ASKING) {
            HttpResponse<Void> have = rest.send(
                    rest.to("/api/blobs/" + digest, me.bearer(), PATIENCE)
                            .method("HEAD", BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.discarding());
            if (have.statusCode() == 200) {
                return;
            }
            offset = Math.min(have.headers().firstValueAsLong("Upload-Offset").orElse(0), size - 1);
        }
        HttpResponse<String> answer = put(me, digest, file, offset, size);
        // each turn moves on by what the controller already has; one that does not is an error
        while (answer.statusCode() == 202 || answer.statusCode() == 409) {
            long durable = answer.headers().firstValueAsLong("Upload-Offset").orElse(-1);
            if (durable <= offset || durable > size) {
                throw new IOException("the controller's copy of " + digest + " stays at " + durable + " of " + size);
            }
            offset = durable;
            answer = put(me, digest, file, offset, size);
        }
        RestCall.done(answer);
    }

    private HttpResponse<String> put(Membership me, String digest, Path file, long offset, long size)
            throws IOException {
        HttpRequest.Builder request = rest.to("/api/blobs/" + digest, me.bearer(), PATIENCE)
                .header("Content-Type", "application/octet-stream");
        if (size > WORTH_ASKING) { // a piece is kept when the call breaks, a whole is not
            request.header("Content-Range", "bytes " + offset + "-" + (size - 1) + "/" + size);
        }
        return rest.send(request.PUT(body(file, offset, size - offset)).build(), BodyHandlers.ofString());
    }

    private static BodyPublisher body(Path file, long offset, long length) throws FileNotFoundException {
        return offset == 0
                ? BodyPublishers.ofFile(file)
                : BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> from(file, offset)), length);
    }

    private static InputStream from(Path file, long offset) {
        try {
            return Channels.newInputStream(
                    FileChannel.open(file, StandardOpenOption.READ).position(offset));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
