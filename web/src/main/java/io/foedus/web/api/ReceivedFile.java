package io.foedus.web.api;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.refusals.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A body that was received whole into a scratch file, which is gone when this is closed. */
final class ReceivedFile implements AutoCloseable {
    private static final int BUFFER = 128 << 10;
    private final Path path;

    private ReceivedFile(Path path) {
        this.path = path;
    }

    /** @throws Refusal {@code TOO_LARGE} as soon as the body is longer than {@code most} bytes */
    static ReceivedFile of(InputStream body, ControllerConfig config, long most) throws IOException {
        Path scratch = Files.createDirectories(config.data().resolve("scratch"));
        ReceivedFile file = new ReceivedFile(Files.createTempFile(scratch, "upload-", ".tmp"));
        try (OutputStream out = Files.newOutputStream(file.path)) {
            byte[] buffer = new byte[BUFFER];
            long total = 0;
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                total += read;
                if (total > most) {
                    throw Refusal.tooLarge(
                            "TOO_LARGE", "The body has more than " + most + " bytes.", "Send less, or ask an admin.");
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
        return file;
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
    }
}
