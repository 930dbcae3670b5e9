package io.foedus.web.fedn;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.refusals.Refusal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.EntityPart;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/** Receives the file of a form beside the blobs, where it can be moved among them. */
@ApplicationScoped
public class Incoming {
    @Inject
    ControllerConfig config;

    /**
     * Receives the part into a file, which is gone afterwards.
     *
     * @param most largest size in bytes
     * @param then what is done with the file
     */
    <T> T receive(EntityPart part, long most, Function<Path, T> then) throws IOException {
        Path folder = Files.createDirectories(config.data().resolve("incoming"));
        Path file = Files.createTempFile(folder, "fedn-", "");
        try {
            try (InputStream in = part.getContent();
                    OutputStream out = Files.newOutputStream(file)) {
                copy(in, out, most);
            }
            return then.apply(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static void copy(InputStream in, OutputStream out, long most) throws IOException {
        byte[] buffer = new byte[64 << 10];
        long bytes = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            bytes += read;
            if (bytes > most) {
                throw Refusal.tooLarge(
                        "TOO_LARGE",
                        "The file has more than " + most + " bytes.",
                        "Send less, or ask for a higher limit.");
            }
            out.write(buffer, 0, read);
        }
    }
}
