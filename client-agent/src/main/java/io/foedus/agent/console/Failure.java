package io.foedus.agent.console;

import io.foedus.agent.ExitCode;

/**
 * A command cannot go on. The message names the thing that is wrong, the remedy says what to do about it; both are
 * shown to people, without a stack trace.
 */
public class Failure extends RuntimeException {
    private final ExitCode exitCode;
    private final String sentence;
    private final String remedy;

    public Failure(ExitCode exitCode, String message, String remedy) {
        super(message);
        this.exitCode = exitCode;
        this.sentence = message;
        this.remedy = remedy;
    }

    /** As above, keeping what caused it for {@code FOEDUS_DEBUG}. */
    public Failure(ExitCode exitCode, String message, String remedy, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        this.sentence = message;
        this.remedy = remedy;
    }

    public ExitCode exitCode() {
        return exitCode;
    }

    /** What is wrong, naming the thing. */
    public String sentence() {
        return sentence;
    }

    /** One sentence in the imperative; empty when there is nothing to do. */
    public String remedy() {
        return remedy;
    }

    /** Whether the same call may well succeed later: nobody was reached, or whoever was says so. */
    public boolean mayPass() {
        return exitCode == ExitCode.UNAVAILABLE || exitCode == ExitCode.RETRY_LATER;
    }

    /** Stable code for programs; the exit code's name unless a server gave a better one. */
    public String code() {
        return exitCode.name();
    }
}
