package io.foedus.launcher.processes;

import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the built programs lie: {@code lib} holds this program's class path, {@code servers} Payara Micro and the two
 * WARs, {@code examples} what the demo trains.
 *
 * @param home the directory that holds these three
 */
public record Distribution(Path home) {
    public Distribution {
        home = home.toAbsolutePath().normalize();
    }

    /**
     * The distribution that this class was loaded from, or the one named by the system property {@code foedus.dist}.
     */
    public static Distribution find() {
        String named = System.getProperty("foedus.dist");
        if (named != null) {
            return new Distribution(Path.of(named));
        }
        try {
            Path jar = Path.of(Distribution.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path up = jar.toAbsolutePath().getParent();
            return new Distribution(up == null || up.getParent() == null ? jar : up.getParent());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public Path controllerWar() {
        return require(home.resolve("servers/foedus-web.war"));
    }

    public Path combinerWar() {
        return require(home.resolve("servers/foedus-grpc-endpoint.war"));
    }

    public Path payaraMicro() {
        return require(home.resolve("servers/payara-micro.jar"));
    }

    public Path digits() {
        return require(home.resolve("examples/digits"));
    }

    /** The class path that runs {@code io.foedus.agent.Foedus}. */
    public String agentClassPath() {
        return require(home.resolve("lib")).resolve("*").toString();
    }

    /** What of the distribution is missing; empty when it is whole. */
    public List<Path> missing() {
        return Stream.of(
                        "lib",
                        "servers/foedus-web.war",
                        "servers/foedus-grpc-endpoint.war",
                        "servers/payara-micro.jar",
                        "examples/digits/digits.csv")
                .map(home::resolve)
                .filter(Files::notExists)
                .toList();
    }

    /**
     * A place for what is unpacked once and used by many: beside the distribution where that is writable, else in the
     * given data directory.
     */
    public Path cache(Path data) {
        Path beside = home.resolve("cache");
        try {
            return Files.isWritable(home)
                    ? Files.createDirectories(beside)
                    : Files.createDirectories(data.resolve("cache"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path require(Path path) {
        if (Files.notExists(path)) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    path + " is missing",
                    "Build it with `mvn -DskipTests package` in the project.");
        }
        return path;
    }
}
