package io.foedus.agent.packages;

import io.foedus.agent.processes.Cancellation;
import io.foedus.agent.processes.ChildProcess;
import io.foedus.agent.processes.Command;
import io.foedus.agent.processes.Ended;
import io.foedus.agent.state.PrivateFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Runs the {@code build} entry point of a package that is still a folder; it makes, for example, the seed model. */
public final class PackageBuild {
    private static final Duration DEADLINE = Duration.ofHours(2);

    private PackageBuild() {}

    /**
     * Runs it in the folder, with the package's Python environment if it asks for one; blocks.
     *
     * @param environments where environments are kept
     * @param python interpreter that makes them
     * @return the last part of what it printed
     * @throws PackageException if there is no such entry point, or it fails; with its log
     */
    public static String run(Path folder, Path environments, String python)
            throws IOException, InterruptedException, PackageException {
        PackageDescriptor descriptor = PackageDescriptor.find(folder.toAbsolutePath());
        String command = descriptor.command("build");
        Cancellation never = new Cancellation();
        var variables =
                new PythonEnvironments(PrivateFiles.folder(environments), python, false).variables(descriptor, never);
        Ended ended = ChildProcess.run(
                new Command(command, List.of(), descriptor.folder(), variables, DEADLINE, Command.GRACE),
                never,
                () -> {});
        if (!ended.ok()) {
            throw new PackageException("build ended with exit code " + ended.exitCode(), ended.log());
        }
        return ended.log();
    }
}
