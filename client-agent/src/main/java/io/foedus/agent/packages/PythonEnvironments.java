package io.foedus.agent.packages;

import io.foedus.agent.processes.Cancellation;
import io.foedus.agent.processes.ChildProcess;
import io.foedus.agent.processes.Command;
import io.foedus.agent.processes.Ended;
import io.foedus.agent.state.PrivateFiles;
import io.foedus.core.models.Digest;
import io.foedus.packages.PlainYaml;
import io.foedus.packages.RefusedPackage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Virtual environments for packages that list Python dependencies ({@code python_env}), made once and used again by
 * every package with the same list. pip's own variables ({@code PIP_INDEX_URL}, {@code PIP_FIND_LINKS} …) apply.
 */
public final class PythonEnvironments {
    private static final Duration DEADLINE = Duration.ofMinutes(60);
    private static final Pattern REQUIREMENTS = Pattern.compile("-r\\s*(\\S+)|--requirement[= ](\\S+)");

    private final Path root;
    private final String python;
    private final boolean systemSitePackages;

    /**
     * @param root folder for the environments
     * @param python interpreter that makes them
     * @param systemSitePackages whether they also see what is installed on the machine
     */
    public PythonEnvironments(Path root, String python, boolean systemSitePackages) {
        this.root = root;
        this.python = python;
        this.systemSitePackages = systemSitePackages;
    }

    /** The variables that put a package's interpreter first, the environment being made if it is not there yet. */
    public Map<String, String> variables(PackageDescriptor descriptor, Cancellation cancellation)
            throws IOException, InterruptedException, PackageException {
        if (descriptor.pythonEnvironment().isEmpty()) {
            return Map.of();
        }
        Path file = descriptor.pythonEnvironment().get();
        List<String> wanted = requirements(file);
        Path environment = root.resolve(key(descriptor.folder(), file, wanted));
        if (!Files.exists(environment.resolve("foedus-ready"))) {
            make(environment, wanted, descriptor.folder(), cancellation);
        }
        return Map.of(
                "VIRTUAL_ENV",
                environment.toString(),
                "PATH",
                environment.resolve("bin") + ":" + System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
    }

    private void make(Path environment, List<String> wanted, Path folder, Cancellation cancellation)
            throws IOException, InterruptedException, PackageException {
        PrivateFiles.deleteAll(environment); // what a broken attempt left
        List<String> create = new ArrayList<>(List.of("-m", "venv"));
        if (systemSitePackages) {
            create.add("--system-site-packages");
        }
        create.add(environment.toString());
        run(
                python,
                create,
                folder,
                cancellation,
                "cannot make a virtual environment with " + python + " (is python3-venv installed?)");
        if (!wanted.isEmpty()) {
            List<String> install =
                    new ArrayList<>(List.of("-m", "pip", "install", "--no-input", "--disable-pip-version-check"));
            install.addAll(wanted);
            run(
                    environment.resolve("bin/python").toString(),
                    install,
                    folder,
                    cancellation,
                    "cannot install the package's Python dependencies " + wanted);
        }
        PrivateFiles.write(
                environment.resolve("foedus-ready"), String.join("\n", wanted).getBytes(StandardCharsets.UTF_8));
    }

    private static void run(
            String program, List<String> arguments, Path folder, Cancellation cancellation, String otherwise)
            throws IOException, InterruptedException, PackageException {
        Command command = new Command("'" + program + "'", arguments, folder, Map.of(), DEADLINE, Command.GRACE);
        Ended ended = ChildProcess.run(command, cancellation, () -> {});
        if (!ended.ok()) {
            throw new PackageException(otherwise + ": " + ended.how() + ", exit code " + ended.exitCode(), ended.log());
        }
    }

    private static @Nullable Object yaml(Path file) throws IOException, PackageException {
        try {
            return PlainYaml.read(Files.readAllBytes(file), file.getFileName().toString());
        } catch (RefusedPackage e) {
            throw new PackageException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The list of pip arguments in an MLflow-style {@code python_env.yaml}, or the lines of a requirements file. */
    static List<String> requirements(Path file) throws IOException, PackageException {
        List<String> all = new ArrayList<>();
        if (!file.toString().endsWith(".yaml") && !file.toString().endsWith(".yml")) {
            return List.of("-r", file.toString());
        }
        if (!(yaml(file) instanceof Map<?, ?> map)) {
            return all;
        }
        for (String section : List.of("build_dependencies", "dependencies")) {
            if (map.get(section) instanceof List<?> list) {
                for (Object item : list) {
                    String dependency = String.valueOf(item).strip();
                    Matcher requirement = REQUIREMENTS.matcher(dependency);
                    if (requirement.matches()) {
                        all.add("-r");
                        all.add(requirement.group(1) != null ? requirement.group(1) : requirement.group(2));
                    } else if (dependency.startsWith("-")) {
                        throw new PackageException(file.getFileName() + " gives pip the option \"" + dependency
                                + "\"; set options with pip's variables at the agent instead");
                    } else {
                        all.add(dependency);
                    }
                }
            }
        }
        return all;
    }

    private String key(Path folder, Path file, List<String> wanted) throws IOException {
        StringBuilder material = new StringBuilder(python)
                .append('\n')
                .append(systemSitePackages)
                .append('\n');
        material.append(Files.readString(file));
        for (int i = 0; i + 1 < wanted.size(); i++) {
            if (wanted.get(i).equals("-r")) {
                Path list = folder.resolve(wanted.get(i + 1));
                material.append('\n').append(Files.isRegularFile(list) ? Files.readString(list) : "missing");
            }
        }
        return Digest.of(material.toString().getBytes(StandardCharsets.UTF_8))
                .hex()
                .substring(0, 32);
    }
}
