package io.foedus.agent.packages;

import io.foedus.agent.processes.Cancellation;
import io.foedus.agent.processes.ChildProcess;
import io.foedus.agent.processes.Command;
import io.foedus.agent.processes.Ended;
import io.foedus.agent.state.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Runs an entry point of a package that is still a folder, as an agent would: {@code build} makes, for example, the
 * seed model, {@code train}, {@code validate} and {@code predict} are tried on local data before the package is
 * uploaded.
 */
public final class PackageRun {
    private static final Duration DEADLINE = Duration.ofHours(2);

    private final PackageDescriptor descriptor;
    private final PythonEnvironments environments;

    /**
     * Runs in a folder.
     *
     * @param environments where Python environments are kept
     * @param python interpreter that makes them
     * @throws PackageException if the folder has no {@code fedn.yaml} that can be read
     */
    public PackageRun(Path folder, Path environments, String python) throws IOException, PackageException {
        this.descriptor = PackageDescriptor.find(folder.toAbsolutePath());
        this.environments = new PythonEnvironments(PrivateFiles.folder(environments), python, false);
    }

    /**
     * Runs it in the folder, with the package's Python environment if it asks for one; blocks.
     *
     * @param files what the command gets as arguments: nothing, or a model and the file to write
     * @param settings JSON object that is laid beside the first file, as a session's settings are
     * @return the last part of what it printed
     * @throws PackageException if there is no such entry point, or it fails; with its log
     */
    public String run(String entryPoint, List<Path> files, String settings)
            throws IOException, InterruptedException, PackageException {
        String command = descriptor.command(entryPoint);
        Cancellation never = new Cancellation();
        var variables = environments.variables(descriptor, never);
        List<String> arguments =
                files.stream().map(file -> file.toAbsolutePath().toString()).toList();
        if (!arguments.isEmpty()) {
            Files.writeString(Path.of(arguments.get(0) + "-metadata"), settings);
        }
        Ended ended = ChildProcess.run(
                new Command(command, arguments, descriptor.folder(), variables, DEADLINE, Command.GRACE),
                never,
                () -> {});
        if (!ended.ok()) {
            throw new PackageException(entryPoint + " ended with exit code " + ended.exitCode(), ended.log());
        }
        return ended.log();
    }
}
