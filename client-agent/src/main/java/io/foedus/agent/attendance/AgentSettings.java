package io.foedus.agent.attendance;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How an agent is set up.
 *
 * @param controller address of the controller
 * @param name name in the alliance
 * @param stateDirectory what it remembers
 * @param dataDirectory where its entry points find the data
 * @param labels what combiners may select by
 * @param preferredCombiner name of the combiner it would like
 * @param ca PEM file of the authority that servers are trusted by, instead of the JDK's
 * @param allowPlaintext whether unencrypted connections may leave this machine
 * @param python interpreter that makes environments for packages that ask for one
 * @param systemSitePackages whether those environments see what is installed on the machine
 * @param leavePatience how long a shutdown may take to bring a finished result home
 */
public record AgentSettings(
        URI controller,
        String name,
        Path stateDirectory,
        Optional<Path> dataDirectory,
        Map<String, String> labels,
        Optional<String> preferredCombiner,
        Optional<Path> ca,
        boolean allowPlaintext,
        String python,
        boolean systemSitePackages,
        Duration leavePatience) {
    /** Shorter than the 60 s after which systemd kills. */
    public static final Duration LEAVE_PATIENCE = Duration.ofSeconds(50);

    /** Interpreter of environments unless told otherwise. */
    public static final String PYTHON = "python3";

    public AgentSettings {
        labels = Map.copyOf(labels);
    }
}
