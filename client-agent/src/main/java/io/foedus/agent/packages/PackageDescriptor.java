package io.foedus.agent.packages;

import io.foedus.packages.Descriptor;
import io.foedus.packages.RefusedPackage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The descriptor of an unpacked package.
 *
 * @param folder the folder that holds {@code fedn.yaml}; commands run there
 * @param commands shell command by entry point: {@code train}, {@code validate}, {@code predict}, {@code startup},
 *     {@code build}
 * @param pythonEnvironment file with the dependencies, if the package wants an environment of its own
 */
public record PackageDescriptor(Path folder, Map<String, String> commands, Optional<Path> pythonEnvironment) {
    private static final int ENOUGH_TO_BE_REFUSED = 1 << 20;

    public PackageDescriptor {
        commands = Map.copyOf(commands);
    }

    /** Finds and reads {@code fedn.yaml} in the folder itself or in one of the folders directly in it. */
    public static PackageDescriptor find(Path unpacked) throws IOException, PackageException {
        if (Files.isRegularFile(unpacked.resolve(Descriptor.FILE))) {
            return read(unpacked);
        }
        try (Stream<Path> children = Files.list(unpacked)) {
            Optional<Path> folder = children.filter(Files::isDirectory)
                    .filter(f -> Files.isRegularFile(f.resolve(Descriptor.FILE)))
                    .sorted()
                    .findFirst();
            if (folder.isEmpty()) {
                throw new PackageException(
                        String.valueOf(Descriptor.missing("the package").getMessage()));
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
        try (InputStream text = Files.newInputStream(folder.resolve(Descriptor.FILE))) {
            Descriptor descriptor = Descriptor.read(text.readNBytes(ENOUGH_TO_BE_REFUSED));
            return new PackageDescriptor(
                    folder, descriptor.commands(), environmentFile(folder, descriptor.pythonEnvironment()));
        } catch (RefusedPackage e) {
            throw new PackageException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Optional<Path> environmentFile(Path folder, Optional<String> named) throws PackageException {
        if (named.isEmpty()) {
            return Optional.empty();
        }
        Path file = folder.resolve(named.get()).normalize();
        if (!file.startsWith(folder) || !Files.isRegularFile(file)) {
            throw new PackageException(
                    "fedn.yaml names python_env: " + named.get() + ", which is not a file of the package");
        }
        return Optional.of(file);
    }
}
