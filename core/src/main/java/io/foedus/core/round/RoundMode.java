package io.foedus.core.round;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a round waits for. */
public enum RoundMode {
    /** For its target of clients; the deadline only guards against those that never answer. */
    SYNCHRONOUS,
    /** For its deadline: everything that came until then is folded. */
    DEADLINE,
    /** For a full buffer of updates, whichever model they started from (FedBuff, arXiv:2106.06639). */
    BUFFERED;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The mode of that name.
     *
     * @throws IllegalArgumentException naming the modes there are
     */
    public static RoundMode parse(String text) {
        return Arrays.stream(values())
                .filter(mode -> mode.label().equals(text.strip().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("mode '" + text + "' is none of "
                        + Arrays.stream(values()).map(RoundMode::label).collect(Collectors.joining(", "))));
    }
}
