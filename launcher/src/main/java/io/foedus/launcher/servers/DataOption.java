package io.foedus.launcher.servers;

import io.foedus.launcher.processes.DataDirectory;
import io.foedus.launcher.processes.Distribution;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Mixin of the commands that run servers: where their data is kept. */
public final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "DIRECTORY",
            description = "Where database, blobs, keys, secrets and logs are kept (default: a directory per command"
                    + " under FOEDUS_HOME, or ~/.foedus).")
    private @Nullable Path data;

    /** The directory that is meant; {@code purpose} names the one used by default. */
    public Path path(String purpose) {
        if (data != null) {
            return data;
        }
        String home = System.getenv("FOEDUS_HOME");
        return (home == null || home.isBlank() ? Path.of(System.getProperty("user.home"), ".foedus") : Path.of(home))
                .resolve(purpose);
    }

    /** Takes the directory; every process of the installation ends with this program. */
    Installation open(String purpose) {
        Installation installation = new Installation(DataDirectory.open(path(purpose)), Distribution.find());
        Runtime.getRuntime().addShutdownHook(new Thread(installation::close, "stop-servers"));
        return installation;
    }
}
