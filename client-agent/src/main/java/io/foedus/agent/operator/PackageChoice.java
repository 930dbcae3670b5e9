package io.foedus.agent.operator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which package a new session has: the active one unless an option says otherwise. */
final class PackageChoice {
    @Option(names = "--package", paramLabel = "ID", description = "Compute package (default: the active one).")
    private @Nullable String named;

    @Option(
            names = "--no-package",
            description = "No compute package: every client brings its own program, as FEDn's do with --local-package.")
    private boolean none;

    /** The package that another session has, or none as it has none. */
    static PackageChoice of(@Nullable String ofAnotherSession) {
        PackageChoice choice = new PackageChoice();
        choice.named = ofAnotherSession;
        choice.none = ofAnotherSession == null;
        return choice;
    }

    boolean isGiven() {
        return named != null || none;
    }

    /** @param idOf finds a package's id by its name */
    void into(ObjectNode body, UnaryOperator<String> idOf) {
        if (named != null && none) {
            throw new Failure(
                    ExitCode.USAGE, "--package and --no-package exclude each other", "Leave one of them out.");
        }
        if (none) {
            body.put("withoutPackage", true);
        } else if (named != null) {
            body.put("package", idOf.apply(named));
        }
    }
}
