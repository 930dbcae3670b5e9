package io.foedus.agent;

/**
 * How a command ends. The numbers are a contract with scripts ({@code docs/exit-codes.md}); they never change meaning.
 */
public enum ExitCode {
    OK(0, "done"),
    FAILURE(1, "it did not work; the message says what and why"),
    USAGE(2, "the command line was not understood"),
    AUTHENTICATION(3, "no token, a token that is not valid, or one that may not do this"),
    NOT_FOUND(4, "the thing that was named does not exist, or the caller may not see it"),
    CONFLICT(5, "the present state forbids it, or it exists already"),
    UNAVAILABLE(6, "the server could not be reached"),
    INVALID(7, "the server understood the content and refused it"),
    BUG(70, "a fault of the program itself"),
    RETRY_LATER(75, "not now; the same command may work later"),
    CONFIGURATION(78, "a file, variable or permission on this machine is wrong");

    private final int number;
    private final String sentence;

    ExitCode(int number, String sentence) {
        this.number = number;
        this.sentence = sentence;
    }

    /** The process' exit status. */
    public int number() {
        return number;
    }

    /** What it means, for help and documents. */
    public String sentence() {
        return sentence;
    }
}
