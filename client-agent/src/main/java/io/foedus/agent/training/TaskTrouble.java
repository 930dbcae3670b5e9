package io.foedus.agent.training;

import io.foedus.protocol.v1.TaskFailure;
import io.foedus.protocol.v1.Timings;
import java.io.IOException;

/** A task cannot be done. The reason is one of the stable codes of {@code TaskFailure.reason}. */
public final class TaskTrouble extends Exception {
    /** Stable codes, as in the protocol. */
    public enum Reason {
        ENTRY_POINT_FAILED,
        TIMEOUT,
        NO_OUTPUT,
        BAD_METADATA,
        PACKAGE,
        DOWNLOAD,
        UPLOAD,
        REFUSED,
        DISK_FULL,
        INTERNAL
    }

    private final Reason reason;
    private final int exitCode;
    private final String log;

    public TaskTrouble(Reason reason, String message) {
        this(reason, message, 0, "");
    }

    /** @param log what the entry point printed last */
    public TaskTrouble(Reason reason, String message, int exitCode, String log) {
        super(message);
        this.reason = reason;
        this.exitCode = exitCode;
        this.log = log;
    }

    /**
     * What went wrong inside the agent, told apart from a full disk, which its operator can mend.
     *
     * @param what what the agent could not do, for a sentence
     */
    static TaskTrouble of(String what, Exception cause) {
        return isDiskFull(cause)
                ? new TaskTrouble(
                        Reason.DISK_FULL,
                        what + ": the agent's disk is full; free space where its state directory is, or give it another"
                                + " one with --state-dir")
                : new TaskTrouble(Reason.INTERNAL, what + ": " + cause);
    }

    /** The JDK tells a full disk by the system's text only, which the JVM does not translate on Linux. */
    static boolean isDiskFull(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            String said = String.valueOf(cause.getMessage());
            if (cause instanceof IOException
                    && (said.contains("No space left on device") || said.contains("Disk quota exceeded"))) {
                return true;
            }
        }
        return false;
    }

    public Reason reason() {
        return reason;
    }

    /** As the combiner is told. */
    public TaskFailure toMessage(String taskId, Timings timings) {
        String sentence = getMessage() == null ? reason.name() : getMessage();
        return TaskFailure.newBuilder()
                .setTaskId(taskId)
                .setReason(reason.name())
                .setMessage(sentence.substring(0, Math.min(sentence.length(), 2000)))
                .setExitCode(exitCode)
                .setLogTail(tail(log))
                .setTimings(timings)
                .build();
    }

    /** At most 64 KiB in UTF-8 whatever the characters are. */
    private static String tail(String log) {
        int most = 64 << 10;
        String tail = log;
        while (tail.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > most) {
            tail = tail.substring(tail.length() / 4);
        }
        return tail;
    }
}
