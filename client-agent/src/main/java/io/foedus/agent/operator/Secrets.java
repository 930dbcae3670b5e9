package io.foedus.agent.operator;

import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Passwords from a file, standard input or the terminal, never from arguments. */
final class Secrets {
    private Secrets() {}

    /** The first line of the file ({@code -}: standard input), or what is typed unseen at the terminal. */
    @SuppressWarnings("SystemConsoleNull") // later virtual machines give a console that reads standard input
    static String password(@Nullable Path file, String prompt) {
        try {
            if (file != null && !file.toString().equals("-")) {
                return required(Files.readString(file).lines().findFirst().orElse(""), file.toString());
            }
            Console console = System.console();
            if (file == null && console != null) {
                char[] typed = console.readPassword("%s: ", prompt);
                return required(typed == null ? "" : new String(typed), "the terminal");
            }
            String line = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
            return required(line == null ? "" : line, "standard input");
        } catch (IOException e) {
            throw new Failure(ExitCode.CONFIGURATION, "cannot read the password from " + file, "Check the path.", e);
        }
    }

    private static String required(String secret, String source) {
        if (secret.isEmpty()) {
            throw new Failure(
                    ExitCode.USAGE, source + " holds no password", "Type it, pipe it in, or use --password-file.");
        }
        return secret;
    }
}
