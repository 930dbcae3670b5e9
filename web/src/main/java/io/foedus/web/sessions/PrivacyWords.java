package io.foedus.web.sessions;

import io.foedus.controller.sessions.boundary.Privacy;
import java.util.Locale;

/** What a session's models tell of any one client at most, as a sentence for people; docs/api.md says the same. */
final class PrivacyWords {
    private PrivacyWords() {}

    /** The ε that is reached and the one that is planned, rounded up, with δ. */
    static String budget(Privacy privacy, int roundsPlanned) {
        return "ε = " + up(privacy.epsilon()) + " after " + rounds(privacy.rounds()) + ", "
                + up(privacy.epsilonPlanned())
                + " after all " + roundsPlanned + "; δ = "
                + String.format(Locale.ROOT, "%.0e", privacy.delta()).replaceFirst("e-0*", "e-");
    }

    private static String rounds(int rounds) {
        return rounds == 1 ? "1 round" : rounds + " rounds";
    }

    private static String up(double epsilon) {
        return String.format(Locale.ROOT, "%.2f", Math.ceil(epsilon * 100) / 100);
    }
}
