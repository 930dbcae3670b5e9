package io.foedus.core;

/** Which Foedus this is: the version of the build, for all programs. */
public final class Release {
    public static final String VERSION = "${project.version}";

    private Release() {}
}
