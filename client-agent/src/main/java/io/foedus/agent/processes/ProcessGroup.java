package io.foedus.agent.processes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All processes that a command started and that still live. On Linux these are the members of its session and whoever
 * inherited its marker in the environment, so that daemons that left the session are found too; elsewhere its
 * descendants.
 */
final class ProcessGroup {
    private static final Path PROC = Path.of("/proc");
    private static final boolean LINUX = Files.isDirectory(PROC.resolve("self"));
    private static final double TICKS_PER_SECOND = 100;

    private final ProcessHandle leader;
    private final byte[] marker;

    /**
     * @param leader the process that was started; on Linux it leads a session
     * @param marker {@code NAME=value} as it stands in the environment of the command
     */
    ProcessGroup(ProcessHandle leader, String marker) {
        this.leader = leader;
        this.marker = (marker + '\0').getBytes(StandardCharsets.UTF_8);
    }

    /** Members that live, the leader included. */
    Set<ProcessHandle> members(boolean escapedToo) {
        Set<ProcessHandle> members = new HashSet<>();
        if (leader.isAlive()) {
            members.add(leader);
        }
        if (!LINUX) {
            leader.descendants().forEach(members::add);
            return members;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : all) {
                if (inSession(process) || (escapedToo && marked(process))) {
                    ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                            .filter(ProcessHandle::isAlive)
                            .ifPresent(members::add);
                }
            }
        } catch (IOException e) {
            leader.descendants().forEach(members::add);
        }
        return members;
    }

    /** What the members use now. */
    Use use() {
        double cpu = 0;
        long memory = 0;
        if (LINUX) {
            for (ProcessHandle member : members(false)) {
                Path process = PROC.resolve(Long.toString(member.pid()));
                Optional<String[]> stat = stat(process);
                if (stat.isPresent()) {
                    for (int field = 11; field <= 14; field++) {
                        cpu += Long.parseLong(stat.get()[field]) / TICKS_PER_SECOND;
                    }
                }
                memory += residentBytes(process);
            }
        }
        return new Use(cpu, memory);
    }

    /** CPU seconds so far and resident bytes now. */
    record Use(double cpuSeconds, long memoryBytes) {}

    /** Ends all members: TERM, then after the grace KILL until none is left. Returns when they are gone. */
    void end(Duration grace) throws InterruptedException {
        long deadline = System.nanoTime() + grace.toNanos();
        Set<ProcessHandle> left = members(true);
        left.forEach(ProcessHandle::destroy);
        while (!left.isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(20);
            left = members(true);
        }
        for (int round = 0; !left.isEmpty() && round < 100; round++) {
            killGroup();
            left.forEach(ProcessHandle::destroyForcibly);
            Thread.sleep(20);
            left = members(true);
        }
    }

    /**
     * Kills every process of this user that carries the marker: what an agent that was killed left running.
     *
     * @return how many there were
     */
    static int killMarked(String marker) {
        ProcessGroup strangers = new ProcessGroup(ProcessHandle.current(), marker);
        int killed = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : all) {
                long pid = Long.parseLong(process.getFileName().toString());
                if (pid != ProcessHandle.current().pid() && strangers.marked(process)) {
                    killed += ProcessHandle.of(pid)
                                    .filter(ProcessHandle::destroyForcibly)
                                    .isPresent()
                            ? 1
                            : 0;
                }
            }
        } catch (IOException e) {
            return killed; // no /proc here
        }
        return killed;
    }

    /** Kills the group at once, so that no member can fork away between looking and killing. */
    private void killGroup() throws InterruptedException {
        if (LINUX) {
            try {
                new ProcessBuilder("sh", "-c", "kill -KILL -" + leader.pid() + " 2>/dev/null")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor();
            } catch (IOException e) {
                leader.destroyForcibly();
            }
        }
    }

    private boolean inSession(Path process) {
        return stat(process)
                .map(fields -> !fields[0].equals("Z") && Long.parseLong(fields[3]) == leader.pid())
                .orElse(false);
    }

    private boolean marked(Path process) {
        try {
            byte[] environment = Files.readAllBytes(process.resolve("environ"));
            for (int at = 0; at + marker.length <= environment.length; at++) {
                if (java.util.Arrays.equals(environment, at, at + marker.length, marker, 0, marker.length)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false; // gone, or another user's
        }
    }

    /**
     * Fields of {@code /proc/<pid>/stat} from the state on: 0 state, 3 session, 11–14 CPU ticks with waited-for
     * children.
     */
    private static Optional<String[]> stat(Path process) {
        try {
            String line = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            return Optional.of(line.substring(line.lastIndexOf(')') + 2).split(" "));
        } catch (IOException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private static long residentBytes(Path process) {
        try {
            String line = Files.readAllLines(process.resolve("status"), StandardCharsets.ISO_8859_1).stream()
                    .filter(l -> l.startsWith("VmRSS:"))
                    .collect(Collectors.joining());
            String digits = line.replaceAll("\\D", "");
            return digits.isEmpty() ? 0 : Long.parseLong(digits) << 10;
        } catch (IOException e) {
            return 0;
        }
    }
}
