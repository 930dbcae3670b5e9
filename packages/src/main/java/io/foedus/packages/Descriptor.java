package io.foedus.packages;

import io.foedus.packages.RefusedPackage.Why;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What {@code fedn.yaml} says: the commands of a package, and the file that lists its Python dependencies.
 *
 * @param commands shell command by entry point ({@code train}, {@code validate}, {@code predict}, {@code startup},
 *     {@code build}), in the order of their names
 * @param pythonEnvironment path in the package of the file with its dependencies, if it wants an environment of its own
 */
public record Descriptor(Map<String, String> commands, Optional<String> pythonEnvironment) {
    /** The name of the file. */
    public static final String FILE = "fedn.yaml";

    private static final String EXAMPLE = "\nentry_points:\n  train:\n    command: python3 train.py";

    public Descriptor {
        commands = Collections.unmodifiableMap(new TreeMap<>(commands));
    }

    /** Reads the text of a {@code fedn.yaml}. */
    public static Descriptor read(byte[] text) throws RefusedPackage {
        Object root = PlainYaml.read(text, FILE);
        if (!(root instanceof Map<?, ?> map) || !(map.get("entry_points") instanceof Map<?, ?> points)) {
            throw bad("has no map entry_points; write for example" + EXAMPLE);
        }
        Map<String, String> commands = new TreeMap<>();
        for (Map.Entry<?, ?> point : points.entrySet()) {
            Object command = point.getValue() instanceof Map<?, ?> body ? body.get("command") : point.getValue();
            if (!(command instanceof String line) || line.isBlank()) {
                throw bad("has an entry point " + RefusedPackage.shown(String.valueOf(point.getKey()))
                        + " without a command");
            }
            commands.put(String.valueOf(point.getKey()), line.strip());
        }
        return new Descriptor(
                commands, Optional.ofNullable(map.get("python_env")).map(String::valueOf));
    }

    /**
     * The descriptor of an archive, all of which is looked through as an agent would unpack it.
     *
     * @throws RefusedPackage if an agent would refuse the archive, or could neither train nor validate with it
     */
    public static Descriptor ofArchive(Path archive, UnpackLimits limits) throws IOException, RefusedPackage {
        Found found = new Found();
        PackageArchive.read(archive, limits, found);
        if (found.text == null) {
            throw missing("the archive");
        }
        Descriptor descriptor = read(found.text).requireWork();
        if (descriptor.pythonEnvironment().isPresent()) {
            found.requireFile(descriptor.pythonEnvironment().get());
        }
        return descriptor;
    }

    /**
     * This descriptor, if agents can work with it.
     *
     * @throws RefusedPackage if there is neither {@code train} nor {@code validate}
     */
    public Descriptor requireWork() throws RefusedPackage {
        if (!commands.containsKey("train") && !commands.containsKey("validate")) {
            throw bad("has neither train nor validate among its entry points " + commands.keySet());
        }
        return this;
    }

    /** Whether a path is where {@code fedn.yaml} may be: at the top or in a top folder. */
    static boolean mayBe(String path) {
        return path.equals(FILE) || (path.endsWith("/" + FILE) && path.indexOf('/') == path.lastIndexOf('/'));
    }

    /** No {@code fedn.yaml} where one must be. */
    public static RefusedPackage missing(String where) {
        return RefusedPackage.because(
                Why.NO_DESCRIPTOR,
                where + " has no fedn.yaml at its top or in its top folder; add one that names the commands under"
                        + " entry_points");
    }

    private static RefusedPackage bad(String what) {
        return RefusedPackage.because(Why.BAD_DESCRIPTOR, FILE + " " + what);
    }

    /** Finds the one at the top, else that in the alphabetically first top folder. */
    private static final class Found implements PackageArchive.Entries {
        private @Nullable String path;
        private byte @Nullable [] text;
        private final Set<String> files = new HashSet<>();

        @Override
        public void folder(String ignored) {}

        @Override
        public void file(String place, boolean executable, InputStream content) throws IOException {
            files.add(place);
            if (mayBe(place) && (path == null || precedes(place, path))) {
                path = place;
                text = content.readNBytes(PlainYaml.MOST_BYTES + 1);
            }
        }

        void requireFile(String named) throws RefusedPackage {
            if (!files.contains(resolved(named))) {
                throw bad("names python_env: " + named + ", which is not a file of the package");
            }
        }

        /** A name with {@code ..} or {@code /} in front is no file's path, as paths of entries have neither. */
        private String resolved(String named) {
            List<String> parts = new ArrayList<>();
            parts.add(topFolder(Objects.requireNonNull(path)));
            for (String part : named.split("/", -1)) {
                if (!part.equals(".")) {
                    parts.add(part);
                }
            }
            if (named.startsWith("/")) {
                return named;
            }
            return parts.stream().filter(part -> !part.isEmpty()).collect(Collectors.joining("/"));
        }

        private static boolean precedes(String place, String other) {
            return topFolder(place).compareTo(topFolder(other)) < 0;
        }

        private static String topFolder(String place) {
            return place.substring(0, Math.max(0, place.indexOf('/')));
        }
    }
}
