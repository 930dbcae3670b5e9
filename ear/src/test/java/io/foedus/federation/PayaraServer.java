package io.foedus.federation;

import io.foedus.launcher.processes.Directories;
import io.foedus.launcher.processes.GuardedProcess;
import io.foedus.launcher.processes.Java;
import io.foedus.launcher.processes.Ports;
import io.foedus.launcher.processes.UnpackedOnce;
import io.foedus.launcher.servers.Installation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.awaitility.Awaitility;

/**
 * A domain of Payara Server with the EAR. The server is unpacked once for all builds of a user; the domain is a copy of
 * the one it comes with, on free ports of loopback, made anew for each test.
 */
final class PayaraServer {
    private static final String DOMAIN = "foedus";
    private static final Pattern PORT = Pattern.compile("(port=\"?|address=)(\\d{4})");
    /** Number of the message with which the server says how long it took to start. */
    private static final String STARTED = "NCLS-CORE-00017";

    private static final Duration GRACE = Duration.ofSeconds(20);

    private final Path home;
    private final Path domains;
    private final int port = Ports.anyFree();
    private final int adminPort = Ports.anyFree();

    /** @param domains directory for the domain */
    PayaraServer(Path domains) {
        this.domains = domains;
        home = UnpackedOnce.at(cache().resolve("payara-" + required("foedus.payara.version")), PayaraServer::unpack)
                .resolve("payara6");
        try {
            makeDomain();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a domain in " + domains, e);
        }
    }

    /** Port for HTTP on loopback. */
    int port() {
        return port;
    }

    /** Starts the domain, without the EAR the first time. */
    GuardedProcess start(Path logs, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(Java.path());
        all.put("AS_JAVA", System.getProperty("java.home"));
        all.putAll(environment);
        List<String> command = List.of(
                "sh",
                home.resolve("bin/asadmin").toString(),
                "start-domain",
                "--verbose",
                "--domaindir",
                domains.toString(),
                DOMAIN);
        return GuardedProcess.start(
                new GuardedProcess.Program("payara-server", command, all, domains, logs, "TERM", GRACE));
    }

    /**
     * Deploys the EAR when the domain has started. (As a command of the server's own start it would wait for itself.)
     */
    void deploy(Member domain) {
        Awaitility.await("Payara Server has started; see " + domain.log())
                .atMost(Installation.PATIENCE.multipliedBy(2))
                .until(() -> domain.logText().contains(STARTED));
        CommandLine.Answer answer = CommandLine.run(
                "sh",
                home.resolve("bin/asadmin").toString(),
                "--port",
                String.valueOf(adminPort),
                "deploy",
                required("foedus.ear"));
        if (answer.exitCode() != 0) {
            throw new AssertionError("asadmin deploy: " + answer.out() + answer.err() + "; see " + domain.log());
        }
    }

    private void makeDomain() throws IOException {
        Path domain = domains.resolve(DOMAIN);
        Directories.delete(domain);
        copy(home.resolve("glassfish/domains/domain1"), domain);
        Path configuration = domain.resolve("config/domain.xml");
        Files.writeString(configuration, configured(Files.readString(configuration)));
    }

    /** Every port is a free one, every listener is on loopback, and nothing looks for other servers. */
    private String configured(String xml) {
        Map<String, Integer> ports = new HashMap<>(Map.of("8080", port, "4848", adminPort));
        String moved = PORT.matcher(xml)
                .replaceAll(found -> found.group(1) + ports.computeIfAbsent(found.group(2), any -> Ports.anyFree()));
        return moved.replace("address=\"0.0.0.0\"", "")
                .replaceAll("<(network-listener|iiop-listener|jmx-connector) ", "<$1 address=\"127.0.0.1\" ")
                .replace(
                        "<hazelcast-config-specific-configuration>",
                        "<hazelcast-config-specific-configuration enabled=\"false\">");
    }

    private static void unpack(Path directory) throws IOException {
        try (InputStream file = Files.newInputStream(Path.of(required("foedus.payara.zip")));
                ZipInputStream zip = new ZipInputStream(file)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path target = directory.resolve(entry.getName()).normalize();
                if (!target.startsWith(directory)) {
                    throw new IOException("entry outside the archive: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(Objects.requireNonNull(target.getParent()));
                    Files.copy(zip, target);
                }
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path each : tree.toList()) {
                Path target = to.resolve(from.relativize(each));
                if (Files.isDirectory(each)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(each, target);
                }
            }
        }
    }

    private static Path cache() {
        String named = System.getenv("XDG_CACHE_HOME");
        Path base =
                named == null || named.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(named);
        try {
            return Files.createDirectories(base.resolve("foedus"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String required(String property) {
        return Objects.requireNonNull(System.getProperty(property), property);
    }
}
