package io.foedus.agent.packages;

import io.foedus.agent.console.Failure;
import io.foedus.agent.controller.ControllerClient;
import io.foedus.agent.processes.Cancellation;
import io.foedus.agent.processes.ChildProcess;
import io.foedus.agent.processes.Command;
import io.foedus.agent.processes.Ended;
import io.foedus.agent.state.PrivateFiles;
import io.foedus.core.blobs.PartialFile;
import io.foedus.core.models.Digest;
import io.foedus.packages.UnpackLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Packages by digest under the agent's state directory. {@link #ready} blocks for as long as download, unpacking,
 * Python environment and {@code startup} take; a package that is ready stays so until the process ends. Threads may
 * share a store; one package is prepared at a time.
 */
public final class PackageStore {
    private static final System.Logger LOG = System.getLogger(PackageStore.class.getName());
    private static final Duration STARTUP_DEADLINE = Duration.ofMinutes(30);

    private final Path root;
    private final PythonEnvironments python;
    private final UnpackLimits limits;
    private final Map<String, String> startupEnvironment;
    private final Map<String, ReadyPackage> ready = new HashMap<>();

    /** @param startupEnvironment variables for {@code startup}, such as where the data is */
    public PackageStore(
            Path root, PythonEnvironments python, UnpackLimits limits, Map<String, String> startupEnvironment) {
        this.root = root;
        this.python = python;
        this.limits = limits;
        this.startupEnvironment = Map.copyOf(startupEnvironment);
    }

    /**
     * The package of that digest, ready to run.
     *
     * @param controller where it is fetched from if it is not here; it may be away, then this throws {@link Failure}
     */
    public synchronized ReadyPackage ready(String digest, ControllerClient controller, Cancellation cancellation)
            throws IOException, InterruptedException, PackageException {
        ReadyPackage known = ready.get(digest);
        if (known != null) {
            return known;
        }
        requireDigest(digest);
        Path unpacked = root.resolve(digest);
        if (!Files.isDirectory(unpacked)) {
            unpack(fetch(digest, controller), unpacked);
        }
        PackageDescriptor descriptor = PackageDescriptor.find(unpacked);
        Map<String, String> variables = python.variables(descriptor, cancellation);
        start(descriptor, variables, cancellation);
        ReadyPackage fresh = new ReadyPackage(digest, descriptor, variables);
        ready.put(digest, fresh);
        LOG.log(
                System.Logger.Level.INFO,
                "package ready digest={0} commands={1}",
                digest,
                descriptor.commands().keySet());
        return fresh;
    }

    private Path fetch(String digest, ControllerClient controller) throws IOException {
        Path archive = root.resolve(digest + ".archive");
        if (Files.isRegularFile(archive)) {
            return archive;
        }
        try (PartialFile file = PartialFile.open(archive, new Digest(digest));
                ControllerClient.Bytes bytes = controller.bytes("/api/blobs/" + digest, file.length())) {
            file.receive(bytes::read, bytes.fromOffset(), length -> {});
            return file.complete();
        }
    }

    /** Unpacks beside and renames, so that a folder under its digest is always whole. */
    private void unpack(Path archive, Path unpacked) throws IOException, PackageException {
        Path fresh = root.resolve(unpacked.getFileName() + ".unpacking");
        PrivateFiles.deleteAll(fresh);
        PrivateFiles.folder(fresh);
        try {
            Unpacking.unpack(archive, fresh, limits);
            PackageDescriptor.find(fresh);
            PartialFile.moveDurably(fresh, unpacked);
        } finally {
            PrivateFiles.deleteAll(fresh);
            Files.deleteIfExists(archive);
        }
    }

    private void start(PackageDescriptor descriptor, Map<String, String> variables, Cancellation cancellation)
            throws IOException, InterruptedException, PackageException {
        if (descriptor.commands().containsKey("startup")) {
            Map<String, String> environment = new HashMap<>(variables);
            environment.putAll(startupEnvironment);
            Ended ended = ChildProcess.run(
                    new Command(
                            descriptor.command("startup"),
                            java.util.List.of(),
                            descriptor.folder(),
                            environment,
                            STARTUP_DEADLINE,
                            Command.GRACE),
                    cancellation,
                    () -> {});
            if (!ended.ok()) {
                throw new PackageException(
                        "the package's startup ended with " + ended.how() + ", exit code " + ended.exitCode(),
                        ended.log());
            }
        }
    }

    private static void requireDigest(String digest) throws PackageException {
        if (digest.isEmpty()) {
            throw new PackageException("the session has no compute package, and an agent has no program of its own;"
                    + " start the session with a package");
        }
        if (!digest.matches("[0-9a-f]{64}")) {
            throw new PackageException("not a SHA-256 of a package: " + digest);
        }
    }
}
