package io.foedus.agent.models;

import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.core.models.MalformedModelException;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelFormat;
import io.foedus.core.models.ModelFormats;
import io.foedus.core.models.ReadLimits;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens what the user named, and turns what is wrong with it into words. */
final class ModelInput {
    private ModelInput() {}

    static ModelFile open(Path path, @Nullable String format) {
        try {
            return ModelFile.open(path, Optional.ofNullable(format).map(ModelInput::format), ReadLimits.DEFAULT);
        } catch (NoSuchFileException e) {
            throw new Failure(ExitCode.NOT_FOUND, "there is no file " + path, "Check the path.", e);
        } catch (AccessDeniedException e) {
            throw new Failure(ExitCode.CONFIGURATION, path + " may not be read", "Check its permissions.", e);
        } catch (MalformedModelException e) {
            throw new Failure(
                    ExitCode.INVALID,
                    path + ": " + e.getMessage(),
                    "Give a .npz or .safetensors file, or name a raw format with --format.",
                    e);
        } catch (IOException e) {
            String reason = Files.isDirectory(path) ? "it is a directory" : String.valueOf(e.getMessage());
            throw new Failure(ExitCode.FAILURE, path + " cannot be read: " + reason, "Check the path.", e);
        }
    }

    /** The format of that name, or a usage failure. */
    static ModelFormat format(String name) {
        try {
            return ModelFormats.byId(name);
        } catch (IllegalArgumentException e) {
            throw new Failure(ExitCode.USAGE, String.valueOf(e.getMessage()), "", e);
        }
    }

    /** The format that an output file's name ends in; empty if it tells nothing. */
    static Optional<ModelFormat> bySuffix(Path output) {
        String name = String.valueOf(output.getFileName());
        return ModelFormats.all().stream()
                .filter(format -> !format.suffix().equals(".bin") && name.endsWith(format.suffix()))
                .findFirst();
    }

    /** A failure while a file was being made. */
    static Failure failed(Path output, IOException e) {
        return new Failure(
                e instanceof MalformedModelException ? ExitCode.INVALID : ExitCode.FAILURE,
                output + " was not made: " + e.getMessage(),
                "",
                e);
    }
}
