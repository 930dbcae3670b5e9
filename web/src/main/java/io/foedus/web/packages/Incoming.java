package io.foedus.web.packages;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.refusals.Refusal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Lends a file that a browser sent to whoever keeps it, and cleans up after them. */
@ApplicationScoped
public class Incoming {
    @Inject
    ControllerConfig config;

    /**
     * @param most largest acceptable size in bytes
     * @param keeper gets the file; it is gone when this returns, kept or not
     * @throws Refusal {@code NO_FILE} or {@code TOO_LARGE}
     */
    public void lend(Part part, long most, Consumer<Path> keeper) {
        if (part == null || part.getSize() == 0) {
            throw Refusal.malformed("NO_FILE", "No file was chosen, or it is empty.", "Choose a file.");
        }
        if (part.getSize() > most) {
            throw Refusal.tooLarge(
                    "TOO_LARGE",
                    "'" + part.getSubmittedFileName() + "' has " + part.getSize() + " bytes; " + most + " are allowed.",
                    "Send a smaller file, or have the limit raised.");
        }
        try {
            Path directory = Files.createDirectories(config.data().resolve("scratch"));
            Path file = Files.createTempFile(directory, "upload-", ".tmp");
            try {
                part.write(file.toString());
                keeper.accept(file);
            } finally {
                Files.deleteIfExists(file);
                part.delete();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public ControllerConfig.Limits limits() {
        return config.limits();
    }
}
