package io.foedus.agent.packages;

/**
 * A compute package cannot be used. The message names the thing that is wrong in it; the log is what a tool printed.
 */
public final class PackageException extends Exception {
    private final String log;

    public PackageException(String message) {
        this(message, "");
    }

    public PackageException(String message, String log) {
        super(message);
        this.log = log;
    }

    public PackageException(String message, Throwable cause) {
        super(message, cause);
        this.log = "";
    }

    /** Output of the command that failed, if one did. */
    public String log() {
        return log;
    }
}
