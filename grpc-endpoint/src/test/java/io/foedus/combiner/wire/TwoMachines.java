package io.foedus.combiner.wire;

import io.foedus.combiner.local.LocalFederation;
import io.foedus.combiner.server.boundary.CombinerServer;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A combiner and a caller that are two machines to each other: each is a process in a network namespace of its own, and
 * a cable lies between them. Nothing of it touches the machine's real network.
 */
public final class TwoMachines {
    private static final String NEAR = "192.0.2.1";
    private static final String FAR = "192.0.2.2";
    private static final String SEEN = "seen: ";
    private static final List<String> APART = List.of("unshare", "-rn", "sh", "-ec");
    private static final String CABLE = "ip link set lo up; ip link add near type veth peer name far; "
            + "ip address add " + NEAR + "/24 dev near; ip link set near up; ";
    private static final String PLUGGED = "echo ready; read line; ip link set lo up; ip address add " + FAR
            + "/24 dev far; ip link set far up; exec \"$@\"";

    private TwoMachines() {}

    /** Whether this machine lets a test make network namespaces. */
    static boolean possible() throws InterruptedException {
        try {
            List<String> command = new ArrayList<>(APART);
            command.add(CABLE);
            Process trial = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return trial.waitFor(20, TimeUnit.SECONDS) && trial.exitValue() == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }

    /** What the combiner answers to the caller, line by line. */
    static List<String> talk(Path dir, boolean trusting) throws IOException, InterruptedException {
        Path output = dir.resolve("output");
        List<String> command = new ArrayList<>(APART);
        command.addAll(List.of(CABLE + "exec \"$@\"", "near"));
        command.addAll(self(dir.toString(), String.valueOf(trusting)));
        Process combiner = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!combiner.waitFor(90, TimeUnit.SECONDS)) {
            combiner.descendants().forEach(ProcessHandle::destroyForcibly);
            combiner.destroyForcibly();
        }
        String said = Files.readString(output);
        List<String> seen = said.lines()
                .filter(line -> line.startsWith(SEEN))
                .map(line -> line.substring(SEEN.length()))
                .toList();
        if (seen.isEmpty()) {
            throw new AssertionError(said);
        }
        return seen;
    }

    private static List<String> self(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx256m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                TwoMachines.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Without arguments the caller; with a directory, and whether clients are trusted, the combiner. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 0) {
            call("far");
        } else {
            serve(Path.of(arguments[0]), arguments[1]);
        }
        System.exit(0);
    }

    private static void serve(Path dir, String trusting) throws Exception {
        Map<String, String> settings = Map.of(
                "foedus.combiner.bind", NEAR,
                "foedus.combiner.port", "12080",
                "foedus.combiner.fedn-plaintext", trusting);
        try (LocalFederation federation = FednCaller.federation(dir, settings);
                CombinerServer server = FednCaller.serve(federation, settings)) {
            List<String> command = new ArrayList<>(List.of("unshare", "-n", "sh", "-ec", PLUGGED, "far"));
            command.addAll(self());
            Process caller = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader lines = caller.inputReader()) {
                lines.readLine(); // it is apart now
                new ProcessBuilder("ip", "link", "set", "far", "netns", String.valueOf(caller.pid()))
                        .inheritIO()
                        .start()
                        .waitFor();
                caller.outputWriter().append("go\n").flush();
                lines.lines().forEach(System.out::println);
            }
        }
    }

    private static void call(String from) throws Exception {
        ManagedChannel channel =
                ManagedChannelBuilder.forAddress(NEAR, 12080).usePlaintext().build();
        say(from + " without a token", FednCaller.heartbeat(channel, null));
        say(from + ", tasks without a token", FednCaller.tasks(channel, null));
        say(from + " with a wrong token", FednCaller.heartbeat(channel, "nonsense"));
        say(from + " with the token", FednCaller.heartbeat(channel, FednCaller.TOKEN));
        channel.shutdownNow();
    }

    private static void say(String what, String answer) {
        System.out.println(SEEN + what + ": " + answer);
    }
}
