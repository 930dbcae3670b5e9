package io.foedus.agent;

import io.foedus.core.Release;
import picocli.CommandLine.IVersionProvider;

/** What this program is: its own version, the protocol it speaks, the Java it runs on. */
public final class Version implements IVersionProvider {
    /** The integer of {@code Hello.protocol}. */
    public static final int PROTOCOL = 1;

    @Override
    public String[] getVersion() {
        return new String[] {
            "foedus " + Release.VERSION,
            "protocol " + PROTOCOL,
            "java " + Runtime.version() + " on " + System.getProperty("os.name")
        };
    }
}
