package io.foedus.agent.doctor;

import io.foedus.agent.controller.Connection;
import io.foedus.agent.state.StateDirectory;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Mixin of the commands that look at an agent's site. */
public final class SiteOption {
    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = "The agent's (default: $STATE_DIRECTORY, else ~/.local/state/foedus/agent).")
    private @Nullable Path state;

    /** The site that is meant. */
    public Site of(Connection at) {
        return new Site(at, state != null ? state : StateDirectory.usual(System.getenv()), Clock.systemUTC());
    }
}
