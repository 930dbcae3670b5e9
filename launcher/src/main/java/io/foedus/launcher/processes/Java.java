package io.foedus.launcher.processes;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How child JVMs are started: the JDK of this program, with a small footprint. All its compilers are needed: SHA-256,
 * through which every byte of a model passes, is ten times as fast with the second one.
 */
public final class Java {
    private static final Path HOME = Path.of(System.getProperty("java.home"));

    private Java() {}

    public static Path bin() {
        return HOME.resolve("bin");
    }

    /** The beginning of a command line; {@code FOEDUS_JAVA_OPTIONS} (separated by blanks) comes last and wins. */
    public static List<String> command(int heapMegabytes) {
        List<String> command = new ArrayList<>(List.of(
                bin().resolve("java").toString(),
                "-Xmx" + heapMegabytes + "m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError"));
        String more = System.getenv("FOEDUS_JAVA_OPTIONS");
        if (more != null && !more.isBlank()) {
            command.addAll(List.of(more.strip().split("\\s+")));
        }
        return command;
    }

    /** Environment in which `java` and `javac` are this program's JDK. */
    public static Map<String, String> path() {
        return Map.of(
                "PATH", bin() + java.io.File.pathSeparator + System.getenv().getOrDefault("PATH", ""));
    }
}
