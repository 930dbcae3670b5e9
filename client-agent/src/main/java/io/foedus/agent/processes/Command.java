package io.foedus.agent.processes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A shell command to run.
 *
 * @param shell what the shell gets; the arguments are put behind it
 * @param arguments passed as they are, never seen by the shell
 * @param folder where it runs
 * @param environment variables added to the agent's own, from which secrets are taken out
 * @param deadline longest time it may take
 * @param grace time between TERM and KILL
 */
public record Command(
        String shell,
        List<String> arguments,
        Path folder,
        Map<String, String> environment,
        Duration deadline,
        Duration grace) {
    /** Time between TERM and KILL unless told otherwise. */
    public static final Duration GRACE = Duration.ofSeconds(10);

    public Command {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }
}
