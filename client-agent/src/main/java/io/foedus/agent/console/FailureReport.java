package io.foedus.agent.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.ExitCode;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Turns what a command throws into lines on standard error and an exit code: {@code error:} names the thing,
 * {@code try:} the remedy; with {@code --json} one object {@code {error, message, remedy, exitCode}} instead.
 */
public final class FailureReport implements IExecutionExceptionHandler, IParameterExceptionHandler {
    private final boolean debug;

    /** @param debug also print stack traces ({@code FOEDUS_DEBUG} is set) */
    public FailureReport(boolean debug) {
        this.debug = debug;
    }

    @Override
    public int handleExecutionException(Exception thrown, CommandLine command, ParseResult parsed) {
        Failure failure = thrown instanceof Failure known
                ? known
                : new Failure(
                        ExitCode.BUG,
                        "this is a fault of foedus: " + thrown,
                        "Run it again with FOEDUS_DEBUG=1 and report what it prints.",
                        thrown);
        PrintWriter err = command.getErr();
        if (asksForJson(command)) {
            ObjectNode object = Json.object()
                    .put("error", failure.code())
                    .put("message", failure.sentence())
                    .put("remedy", failure.remedy())
                    .put("exitCode", failure.exitCode().number());
            err.println(Json.line(object));
        } else {
            err.println(command.getColorScheme().errorText("error: ") + printable(failure.sentence()));
            if (!failure.remedy().isEmpty()) {
                err.println("  try: " + printable(failure.remedy()));
            }
        }
        if (debug) {
            thrown.printStackTrace(err);
        }
        err.flush();
        return failure.exitCode().number();
    }

    @Override
    public int handleParseException(ParameterException thrown, String[] args) {
        CommandLine command = thrown.getCommandLine();
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        if (List.of(args).contains("--json")) {
            err.println(Json.line(Json.object()
                    .put("error", ExitCode.USAGE.name())
                    .put("message", thrown.getMessage())
                    .put("remedy", "Run `" + name + " --help`.")
                    .put("exitCode", ExitCode.USAGE.number())));
        } else {
            err.println(command.getColorScheme().errorText("error: ") + thrown.getMessage());
            UnmatchedArgumentException.printSuggestions(thrown, err);
            err.println("  try: " + name + " --help");
        }
        err.flush();
        return ExitCode.USAGE.number();
    }

    /** The message as one that a terminal cannot be steered by: control characters but tab and newline are escaped. */
    public static String printable(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (Character.getType(c) == Character.CONTROL && c != '\n' && c != '\t') {
                safe.append(String.format("\\u%04x", c));
            } else {
                safe.appendCodePoint(c);
            }
        });
        return safe.toString();
    }

    private static boolean asksForJson(CommandLine command) {
        ParseResult parsed = command.getParseResult();
        return parsed != null && parsed.hasMatchedOption("--json");
    }
}
