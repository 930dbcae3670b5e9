package io.foedus.packages;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A package that nobody takes. The message is a sentence without its full stop, about "the archive" or "fedn.yaml". */
public final class RefusedPackage extends Exception {
    private static final int LONGEST_SHOWN = 120;

    /** What kind of refusal it is. */
    public enum Why {
        /** The bytes are no archive that can be read. */
        NOT_AN_ARCHIVE,
        /** An entry is neither plain file nor folder, or its name is not possible everywhere. */
        UNSAFE_ENTRY,
        /** It unpacks to more than it may. */
        TOO_LARGE,
        /** No {@code fedn.yaml} is where one must be. */
        NO_DESCRIPTOR,
        /** {@code fedn.yaml} does not say what it must. */
        BAD_DESCRIPTOR
    }

    private final Why why;
    private final @Nullable String entry;

    private RefusedPackage(Why why, String message, @Nullable String entry, @Nullable Throwable cause) {
        super(message, cause);
        this.why = why;
        this.entry = entry;
    }

    static RefusedPackage because(Why why, String message) {
        return new RefusedPackage(why, message, null, null);
    }

    static RefusedPackage unreadable(Exception cause) {
        return unreadable(String.valueOf(cause.getMessage()), cause);
    }

    static RefusedPackage unreadable(String said, @Nullable Exception cause) {
        return new RefusedPackage(
                Why.NOT_AN_ARCHIVE,
                "the archive is damaged or not a tar.gz, tar.bz2, tar or zip: " + printable(said),
                null,
                cause);
    }

    static RefusedPackage unsafe(String entry, String what) {
        return new RefusedPackage(Why.UNSAFE_ENTRY, "the archive's entry " + shown(entry) + " " + what, entry, null);
    }

    public Why why() {
        return why;
    }

    /** The name of the entry that is refused, as it stands in the archive; it may hold anything. */
    public Optional<String> entry() {
        return Optional.ofNullable(entry);
    }

    /** A name or text of an archive, fit for a message. */
    static String shown(String text) {
        return '"' + printable(text) + '"';
    }

    private static String printable(String text) {
        String cut = text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }
}
