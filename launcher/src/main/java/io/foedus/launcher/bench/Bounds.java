package io.foedus.launcher.bench;

import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;

/** What options of benchmarks may be. */
final class Bounds {
    private Bounds() {}

    static void require(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new Failure(
                    ExitCode.USAGE,
                    option + " must be a number from " + least + " to " + most + ", not " + value,
                    "See `foedus bench --help`.");
        }
    }
}
