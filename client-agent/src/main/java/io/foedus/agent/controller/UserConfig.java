package io.foedus.agent.controller;

import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/**
 * The caller's own file with {@code controller}, {@code alliance} and {@code token}, in the format of Java properties:
 * {@code $FOEDUS_CONFIG}, else {@code $XDG_CONFIG_HOME/foedus/config}, else {@code ~/.config/foedus/config}. It holds a
 * secret: it is written with mode 0600 and refused when others may read it.
 */
public final class UserConfig {
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private final Path file;

    public UserConfig(Path file) {
        this.file = file;
    }

    /** The file that the environment names. */
    public static UserConfig of(Map<String, String> environment, Path home) {
        String explicit = environment.get("FOEDUS_CONFIG");
        if (explicit != null) {
            return new UserConfig(Path.of(explicit));
        }
        String xdg = environment.get("XDG_CONFIG_HOME");
        Path config = xdg == null || xdg.isEmpty() ? home.resolve(".config") : Path.of(xdg);
        return new UserConfig(config.resolve("foedus").resolve("config"));
    }

    public Path file() {
        return file;
    }

    /** The value of a key; empty when there is no file or no such key. */
    public Optional<String> get(String key) {
        return Optional.ofNullable(load().get(key)).filter(v -> !v.isBlank());
    }

    /** Sets the given keys and keeps the others; the file appears whole or not at all. */
    public void put(Map<String, String> values) {
        Map<String, String> all = load();
        all.putAll(values);
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null && !Files.isDirectory(folder)) {
                Files.createDirectories(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            StringWriter text = new StringWriter();
            Properties properties = new Properties();
            properties.putAll(all);
            properties.store(text, null);
            Files.writeString(fresh, text.toString());
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.CONFIGURATION, "cannot write " + file + ": " + e, "Check the folder's permissions.", e);
        }
    }

    private Map<String, String> load() {
        Map<String, String> values = new TreeMap<>();
        if (!Files.exists(file)) {
            return values;
        }
        try {
            Properties properties = new Properties();
            properties.load(new StringReader(Files.readString(file, StandardCharsets.UTF_8)));
            properties
                    .stringPropertyNames()
                    .forEach(k -> values.put(k, properties.getProperty(k).strip()));
            if (values.containsKey("token")) {
                requirePrivate(file);
            }
            return values;
        } catch (IOException | IllegalArgumentException e) {
            throw new Failure(ExitCode.CONFIGURATION, "cannot read " + file + ": " + e, "Mend or remove the file.", e);
        }
    }

    /** Refuses a file with a secret that others may read. */
    static void requirePrivate(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        Set<PosixFilePermission> permissions = EnumSet.copyOf(OTHERS);
        permissions.retainAll(Files.getPosixFilePermissions(file));
        if (!permissions.isEmpty()) {
            throw new Failure(
                    ExitCode.CONFIGURATION, file + " holds a token and others may read it", "Run: chmod 600 " + file);
        }
    }
}
