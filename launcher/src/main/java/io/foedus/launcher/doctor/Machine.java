package io.foedus.launcher.doctor;

import io.foedus.agent.doctor.Finding;
import io.foedus.launcher.processes.Distribution;
import io.foedus.launcher.processes.Ports;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The checks of this machine. */
final class Machine {
    private static final long DISK = 2_000_000_000L;
    private static final long MEMORY = 1_500_000_000L;

    private final Map<String, String> environment;
    private final Path data;
    private final Distribution distribution;

    Machine(Map<String, String> environment, Path data, Distribution distribution) {
        this.environment = environment;
        this.data = data.toAbsolutePath();
        this.distribution = distribution;
    }

    List<Finding> look() {
        Path compiler = Path.of(System.getProperty("java.home"), "bin", "javac");
        return List.of(
                java(Runtime.version().feature(), Files.isExecutable(compiler)),
                maven(answerOf("mvn", "-v")),
                build(),
                port(8080, "--port"),
                port(12080, "--grpc-port"),
                disk(),
                memory(),
                database());
    }

    static Finding java(int version, boolean compiler) {
        String seen = "version " + version + " in " + System.getProperty("java.home");
        if (version < 17) {
            return Finding.fail("Java", seen, "Install a JDK of version 17 or later and put it first on PATH.");
        }
        return compiler
                ? Finding.ok("Java", seen)
                : Finding.fail("Java", seen + ", without a compiler", "Install the whole JDK, not only the JRE.");
    }

    /** @param answer what {@code mvn -v} said; empty when there is none */
    static Finding maven(String answer) {
        String remedy = "Install Maven 3.8.7 or later; it is needed to build, not to run.";
        Matcher version =
                Pattern.compile("Apache Maven (\\d+)\\.(\\d+)\\.(\\d+)").matcher(answer);
        if (!version.find()) {
            return Finding.warn("Maven", "not found", remedy);
        }
        String seen = version.group().substring("Apache Maven ".length());
        int number = Integer.parseInt(version.group(1)) * 1_000_000
                + Integer.parseInt(version.group(2)) * 1000
                + Integer.parseInt(version.group(3));
        return number < 3_008_007 ? Finding.warn("Maven", seen, remedy) : Finding.ok("Maven", seen);
    }

    private Finding build() {
        List<Path> missing = distribution.missing();
        return missing.isEmpty()
                ? Finding.ok("build", distribution.home().toString())
                : Finding.fail(
                        "build", "missing: " + missing, "Run `mvn -DskipTests package` in the project's directory.");
    }

    static Finding port(int port, String option) {
        return Ports.isFree("127.0.0.1", port)
                ? Finding.ok("port " + port, "free")
                : Finding.warn(
                        "port " + port,
                        "in use by another program",
                        "Stop that program or choose another port with " + option + "; the demo finds one by itself.");
    }

    private Finding disk() {
        Path existing = data;
        while (Files.notExists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        try {
            long free = Files.getFileStore(existing).getUsableSpace();
            String seen = gigabytes(free) + " free for " + data;
            if (!Files.isWritable(existing)) {
                return Finding.fail("disk", existing + " is not writable", "Choose another directory with --data.");
            }
            return free < DISK
                    ? Finding.fail("disk", seen, "Free " + gigabytes(DISK) + " or choose another disk with --data.")
                    : Finding.ok("disk", seen);
        } catch (IOException e) {
            return Finding.fail("disk", "cannot look at " + existing + ": " + e, "Choose another with --data.");
        }
    }

    private static Finding memory() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
                if (line.startsWith("MemAvailable:")) {
                    long free = Long.parseLong(line.replaceAll("\\D", "")) << 10;
                    String seen = gigabytes(free) + " available";
                    return free < MEMORY
                            ? Finding.warn("memory", seen, "The demo needs " + gigabytes(MEMORY) + "; close programs.")
                            : Finding.ok("memory", seen);
                }
            }
        } catch (IOException e) {
            // Not a Linux; said below.
        }
        return Finding.ok("memory", "not known on this system; the demo needs " + gigabytes(MEMORY));
    }

    private Finding database() {
        String url = environment.get("FOEDUS_DB_URL");
        if (url == null) {
            boolean root = "root".equals(System.getProperty("user.name"));
            return root && !LinuxUtils.isUnshareAvailable()
                    ? Finding.fail(
                            "PostgreSQL",
                            "the embedded one does not run as root without user namespaces",
                            "Run foedus as another user, or set FOEDUS_DB_URL, FOEDUS_DB_USER and FOEDUS_DB_PASSWORD.")
                    : Finding.ok("PostgreSQL", "embedded (FOEDUS_DB_URL is not set)");
        }
        try (Connection connection = DriverManager.getConnection(
                url, environment.get("FOEDUS_DB_USER"), environment.get("FOEDUS_DB_PASSWORD"))) {
            String seen = connection.getMetaData().getDatabaseProductVersion() + " at " + url;
            return connection.getMetaData().getDatabaseMajorVersion() < 14
                    ? Finding.fail("PostgreSQL", seen, "Use PostgreSQL 14 or later.")
                    : Finding.ok("PostgreSQL", seen);
        } catch (SQLException e) {
            return Finding.fail(
                    "PostgreSQL",
                    "cannot connect to " + url + ": " + e.getMessage(),
                    "Check FOEDUS_DB_URL, FOEDUS_DB_USER and FOEDUS_DB_PASSWORD, and that the server runs.");
        }
    }

    private static String answerOf(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private static String gigabytes(long bytes) {
        return String.format("%.1f GB", bytes / 1e9);
    }
}
