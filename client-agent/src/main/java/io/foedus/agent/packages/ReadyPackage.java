package io.foedus.agent.packages;

import java.util.Map;

/**
 * A compute package that can be run.
 *
 * @param digest SHA-256 of its archive, lower-case hex
 * @param descriptor its commands and folder
 * @param environment variables that its commands need
 */
public record ReadyPackage(String digest, PackageDescriptor descriptor, Map<String, String> environment) {
    public ReadyPackage {
        environment = Map.copyOf(environment);
    }
}
