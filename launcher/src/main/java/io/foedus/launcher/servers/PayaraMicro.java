package io.foedus.launcher.servers;

import io.foedus.launcher.processes.Directories;
import io.foedus.launcher.processes.GuardedProcess;
import io.foedus.launcher.processes.Java;
import io.foedus.launcher.processes.UnpackedOnce;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** An unpacked Payara Micro that starts servers with one WAR each. */
public final class PayaraMicro {
    private final Path runtime;

    private PayaraMicro(Path runtime) {
        this.runtime = runtime;
    }

    /** Unpacks the runtime of {@code jar} into {@code cache}, the first time. */
    public static PayaraMicro unpacked(Path jar, Path cache) {
        return new PayaraMicro(UnpackedOnce.at(cache.resolve("payara-micro"), directory -> {
            List<String> command = Java.command(256);
            command.addAll(List.of("-jar", jar.toString(), "--rootdir", directory.toString(), "--outputlauncher"));
            Process unpacking = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("unpack.log").toFile())
                    .start();
            unpacking.getOutputStream().close();
            waitFor(unpacking);
            if (Files.notExists(directory.resolve("launch-micro.jar"))) {
                throw new IOException("Payara Micro could not be unpacked; see " + directory.resolve("unpack.log"));
            }
        }));
    }

    /**
     * A server to start.
     *
     * @param root directory for the server's own files; emptied first
     * @param address interface to listen on
     * @param environment configuration of the WAR, secrets too
     */
    public record Server(
            String name,
            Path war,
            Path root,
            Path logs,
            String address,
            int port,
            int heapMegabytes,
            Map<String, String> environment) {}

    /** Starts a server; it is of use when {@link Readiness} says so. */
    public GuardedProcess start(Server server) {
        return start(server, false);
    }

    /** The same of a server whose port a {@link Door} holds; it listens only when its WAR is there. */
    GuardedProcess startBehindDoor(Server server) {
        return start(server, true);
    }

    private GuardedProcess start(Server server, boolean behindDoor) {
        try {
            Directories.delete(server.root());
            copy(runtime, server.root());
            Path temporary = Files.createDirectories(server.root().resolve("tmp"));
            Path boot = Files.writeString(
                    server.root().resolve("preboot.txt"),
                    preboot(server.address()) + (behindDoor ? listen(false) : ""));
            List<String> command = Java.command(server.heapMegabytes());
            if (behindDoor) {
                command.addAll(SharedPort.options());
            }
            command.addAll(List.of(
                    "-Djava.io.tmpdir=" + temporary,
                    "-jar",
                    server.root().resolve("launch-micro.jar").toString(),
                    "--nohazelcast",
                    "--disablephonehome",
                    "--name",
                    server.name(),
                    "--port",
                    String.valueOf(server.port()),
                    "--prebootcommandfile",
                    boot.toString(),
                    "--deploy",
                    server.war().toString(),
                    "--contextroot",
                    "/"));
            if (behindDoor) {
                Path deployed = Files.writeString(server.root().resolve("postdeploy.txt"), listen(true));
                command.addAll(List.of("--postdeploycommandfile", deployed.toString()));
            }
            return GuardedProcess.start(new GuardedProcess.Program(
                    server.name(), command, server.environment(), server.root(), server.logs()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + server.name(), e);
        }
    }

    private static final String NETWORK = "set configs.config.server-config.network-config.";
    private static final String LISTENER = NETWORK + "network-listeners.network-listener.http-listener.";

    /** Longest time without a byte of a body, or without room for one of an answer, while a thread waits for it. */
    private static final int STALL_MILLIS = 20_000;

    /** What is worth compressing: pages and their furniture; nothing that programs read. */
    private static final String COMPRESSED =
            "text/html,text/xml,text/css,text/javascript,application/javascript,application/x-javascript,image/svg+xml";

    /**
     * Commands before the start: listen where told, do not say what listens, compress what people read, do not wait for
     * ever.
     */
    private static String preboot(String address) {
        return LISTENER + "address=" + address + "\n" //
                + NETWORK + "protocols.protocol.http-listener.http.server-header=false\n"
                + NETWORK + "protocols.protocol.http-listener.http.xpowered-by=false\n"
                + NETWORK + "protocols.protocol.http-listener.http.compression=on\n"
                + NETWORK + "protocols.protocol.http-listener.http.compressable-mime-type=" + COMPRESSED + "\n"
                + NETWORK + "transports.transport.tcp.read-timeout-millis=" + STALL_MILLIS + "\n"
                + NETWORK + "transports.transport.tcp.write-timeout-millis=" + STALL_MILLIS + "\n";
    }

    private static String listen(boolean enabled) {
        return LISTENER + "enabled=" + enabled + "\n";
    }

    private static void waitFor(Process process) throws IOException {
        try {
            if (!process.waitFor(Duration.ofMinutes(2).toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Copies a tree; jars are linked where the file system can, as nothing ever writes to them. */
    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Files.createDirectories(to.resolve(from.relativize(directory)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path target = to.resolve(from.relativize(file));
                if (file.toString().endsWith(".jar") && linked(file, target)) {
                    return FileVisitResult.CONTINUE;
                }
                Files.copy(file, target);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static boolean linked(Path file, Path target) {
        try {
            Files.createLink(target, file);
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
