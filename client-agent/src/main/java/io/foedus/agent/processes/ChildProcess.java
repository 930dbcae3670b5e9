package io.foedus.agent.processes;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs one {@link Command} to its end. {@link #run} blocks its thread until the command and all it started are gone; a
 * second thread drains the output. Interrupting the thread ends the command too.
 */
public final class ChildProcess {
    private static final String MARKER = "FOEDUS_RUN_ID";
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final int LOG_BYTES = 48 << 10;
    private static final boolean SETSID = onPath("setsid");
    /** As FEDn does it: packages may say {@code source …}. */
    private static final String SHELL = onPath("bash") ? "bash" : "sh";
    /** Runs the command, keeps its status and writes the CPU time of its processes where the agent finds it. */
    private static final String WRAPPER =
            "t=$1; c=$2; shift 2; " + SHELL + " -c \"$c\" foedus \"$@\"; s=$?; times > \"$t\" 2>/dev/null; exit $s";

    private static final Pattern TIMES = Pattern.compile("(\\d+)m(\\d+(?:[.,]\\d+)?)s");

    private final Command command;
    private final Cancellation cancellation;
    private final Runnable look;
    private double cpuSeconds;
    private long peakMemory;

    private ChildProcess(Command command, Cancellation cancellation, Runnable look) {
        this.command = command;
        this.cancellation = cancellation;
        this.look = look;
    }

    /**
     * Runs the command.
     *
     * @param cancellation ends it early
     * @param look called a few times a second while it runs
     * @throws IOException if it could not be started at all
     */
    public static Ended run(Command command, Cancellation cancellation, Runnable look)
            throws IOException, InterruptedException {
        return new ChildProcess(command, cancellation, look).run();
    }

    private Ended run() throws IOException, InterruptedException {
        String marker = UUID.randomUUID().toString();
        Path times = Files.createTempFile("foedus-times", "");
        Process process = builder(times, marker).start();
        long start = System.nanoTime();
        ProcessGroup group = new ProcessGroup(process.toHandle(), MARKER + "=" + marker);
        LogTail log = new LogTail(LOG_BYTES);
        Thread reader = drain(process.getInputStream(), log);
        try {
            Ended.How how = await(process, group, start);
            group.end(how == Ended.How.BY_ITSELF ? Duration.ofMillis(200) : command.grace());
            process.waitFor();
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            reader.join(2000);
            readTimes(times);
            return new Ended(how, process.exitValue(), log.text(), log.total(), took, cpuSeconds, peakMemory);
        } catch (InterruptedException e) {
            Thread.interrupted();
            group.end(command.grace());
            throw e;
        } finally {
            Files.deleteIfExists(times);
        }
    }

    private Ended.How await(Process process, ProcessGroup group, long start) throws InterruptedException {
        long deadline = start + command.deadline().toNanos();
        long wait = 20_000_000;
        while (!process.waitFor(Math.max(1, Math.min(wait, deadline - System.nanoTime())), TimeUnit.NANOSECONDS)) {
            ProcessGroup.Use use = group.use();
            cpuSeconds = Math.max(cpuSeconds, use.cpuSeconds());
            peakMemory = Math.max(peakMemory, use.memoryBytes());
            look.run();
            if (cancellation.isCancelled()) {
                return Ended.How.CANCELLED;
            }
            if (System.nanoTime() >= deadline) {
                return Ended.How.TIMED_OUT;
            }
            wait = LOOK.toNanos();
        }
        look.run();
        return Ended.How.BY_ITSELF;
    }

    private ProcessBuilder builder(Path times, String marker) {
        List<String> line = new ArrayList<>();
        if (SETSID) {
            line.add("setsid");
        }
        line.addAll(List.of("sh", "-c", WRAPPER, "foedus", times.toString(), command.shell() + " \"$@\""));
        line.addAll(command.arguments());
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(command.folder().toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"));
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(ChildProcess::isSecret);
        environment.putAll(command.environment());
        environment.put(MARKER, marker);
        environment.putIfAbsent("PYTHONUNBUFFERED", "1");
        return builder;
    }

    private static boolean isSecret(String variable) {
        String name = variable.toUpperCase(Locale.ROOT);
        return name.startsWith("FOEDUS_") && (name.contains("TOKEN") || name.contains("PASSWORD"));
    }

    private static Thread drain(InputStream output, LogTail log) {
        Thread reader = new Thread(
                () -> {
                    byte[] buffer = new byte[64 << 10];
                    try (output) {
                        for (int read = output.read(buffer); read >= 0; read = output.read(buffer)) {
                            log.append(buffer, read);
                        }
                    } catch (IOException e) {
                        // the pipe went with the process
                    }
                },
                "entry-point-output");
        reader.setDaemon(true);
        reader.start();
        return reader;
    }

    /** The second line of {@code times} is user and system time of the children that were waited for. */
    private void readTimes(Path times) throws IOException {
        List<String> lines = Files.readAllLines(times, StandardCharsets.ISO_8859_1);
        if (lines.size() > 1) {
            double seconds = 0;
            Matcher matcher = TIMES.matcher(lines.get(1));
            while (matcher.find()) {
                seconds += 60 * Double.parseDouble(matcher.group(1))
                        + Double.parseDouble(matcher.group(2).replace(',', '.'));
            }
            cpuSeconds = Math.max(cpuSeconds, seconds);
        }
    }

    /**
     * Ends what an earlier agent left running when it was killed.
     *
     * @param variable name of a variable that all its commands had
     * @param value value of that variable
     * @return how many processes were killed
     */
    public static int endLeftovers(String variable, String value) {
        return ProcessGroup.killMarked(variable + "=" + value);
    }

    /** True if a program of that name can be started. */
    static boolean onPath(String program) {
        String path = System.getenv("PATH");
        for (String folder : (path == null ? "/usr/bin:/bin" : path).split(File.pathSeparator, -1)) {
            if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }
}
