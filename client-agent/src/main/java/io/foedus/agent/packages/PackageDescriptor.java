package io.foedus.agent.packages;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What {@code fedn.yaml} says: the commands of a package, and the file that lists its Python dependencies.
 *
 * @param folder the folder that holds {@code fedn.yaml}; commands run there
 * @param commands shell command by entry point: {@code train}, {@code validate}, {@code predict}, {@code startup},
 *     {@code build}
 * @param pythonEnvironment file with the dependencies, if the package wants an environment of its own
 */
public record PackageDescriptor(Path folder, Map<String, String> commands, Optional<Path> pythonEnvironment) {
    private static final String FILE = "fedn.yaml";
    private static final int MOST_BYTES = 256 << 10;

    public PackageDescriptor {
        commands = Map.copyOf(commands);
    }

    /** Finds and reads {@code fedn.yaml} in the folder itself or in one of the folders directly in it. */
    public static PackageDescriptor find(Path unpacked) throws IOException, PackageException {
        if (Files.isRegularFile(unpacked.resolve(FILE))) {
            return read(unpacked);
        }
        try (Stream<Path> children = Files.list(unpacked)) {
            Optional<Path> folder = children.filter(Files::isDirectory)
                    .filter(f -> Files.isRegularFile(f.resolve(FILE)))
                    .sorted()
                    .findFirst();
            if (folder.isEmpty()) {
                throw new PackageException("the package has no fedn.yaml at its top or in its top folder; add one that"
                        + " names the commands under entry_points");
            }
            return read(folder.get());
        }
    }

    /** The command of an entry point. */
    public String command(String entryPoint) throws PackageException {
        String command = commands.get(entryPoint);
        if (command == null) {
            throw new PackageException("the package's fedn.yaml has no entry point \"" + entryPoint + "\"; it has "
                    + new TreeMap<>(commands).keySet());
        }
        return command;
    }

    private static PackageDescriptor read(Path folder) throws IOException, PackageException {
        Path file = folder.resolve(FILE);
        if (Files.size(file) > MOST_BYTES) {
            throw new PackageException("fedn.yaml is larger than " + MOST_BYTES + " bytes");
        }
        Object root = yaml(Files.readString(file, StandardCharsets.UTF_8), FILE);
        if (!(root instanceof Map<?, ?> map) || !(map.get("entry_points") instanceof Map<?, ?> points)) {
            throw new PackageException("fedn.yaml has no entry_points; write for example\n"
                    + "entry_points:\n  train:\n    command: python3 train.py");
        }
        Map<String, String> commands = new TreeMap<>();
        for (Map.Entry<?, ?> point : points.entrySet()) {
            Object command = point.getValue() instanceof Map<?, ?> body ? body.get("command") : point.getValue();
            if (!(command instanceof String text) || text.isBlank()) {
                throw new PackageException("the entry point \"" + point.getKey() + "\" in fedn.yaml has no command");
            }
            commands.put(String.valueOf(point.getKey()), text.strip());
        }
        return new PackageDescriptor(folder, commands, environmentFile(folder, map.get("python_env")));
    }

    private static Optional<Path> environmentFile(Path folder, @org.jspecify.annotations.Nullable Object named)
            throws PackageException {
        if (named == null) {
            return Optional.empty();
        }
        Path file = folder.resolve(String.valueOf(named)).normalize();
        if (!file.startsWith(folder) || !Files.isRegularFile(file)) {
            throw new PackageException("fedn.yaml names python_env: " + named + ", which is not a file of the package");
        }
        return Optional.of(file);
    }

    /** Plain YAML: no types but the standard ones, no aliases to speak of. */
    static @org.jspecify.annotations.Nullable Object yaml(String text, String file) throws PackageException {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(10);
        options.setNestingDepthLimit(20);
        options.setCodePointLimit(MOST_BYTES);
        options.setAllowDuplicateKeys(false);
        try {
            return new Yaml(new SafeConstructor(options)).load(text);
        } catch (YAMLException e) {
            throw new PackageException(file + " is not YAML: " + e.getMessage(), e);
        }
    }
}
