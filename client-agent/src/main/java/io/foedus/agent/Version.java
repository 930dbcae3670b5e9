package io.foedus.agent;

import picocli.CommandLine.IVersionProvider;

/** What this program is: its own version, the protocol it speaks, the Java it runs on. */
public final class Version implements IVersionProvider {
    /** The integer of {@code Hello.protocol}. */
    public static final int PROTOCOL = 1;

    /** Version from the jar's manifest; {@code dev} when run from classes. */
    public static String program() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "foedus " + program(),
            "protocol " + PROTOCOL,
            "java " + Runtime.version() + " on " + System.getProperty("os.name")
        };
    }
}
