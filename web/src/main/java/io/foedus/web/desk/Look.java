package io.foedus.web.desk;

import java.util.Locale;
import java.util.Map;

/**
 * How a state is shown: always a word and an icon, never a colour alone.
 *
 * @param word what people read
 * @param icon a PrimeIcons class
 * @param tone {@code ok}, {@code busy}, {@code warn}, {@code bad} or empty for neutral
 */
public record Look(String word, String icon, String tone) {
    private static final String TURNING = "pi-spin pi-spinner-dotted";

    private static final Map<String, Look> KNOWN = Map.ofEntries(
            // sessions, rounds and shares
            Map.entry("CREATED", new Look("Created", "pi-circle", "")),
            Map.entry("RUNNING", new Look("Running", TURNING, "busy")),
            Map.entry("PAUSED", new Look("Paused", "pi-pause", "warn")),
            Map.entry("FINISHED", new Look("Finished", "pi-check", "ok")),
            Map.entry("FAILED", new Look("Failed", "pi-times", "bad")),
            Map.entry("CANCELLED", new Look("Stopped", "pi-stop-circle", "")),
            Map.entry("PLANNED", new Look("Planned", "pi-calendar", "")),
            Map.entry("TRAINING", new Look("Training", TURNING, "busy")),
            Map.entry("REDUCING", new Look("Reducing", TURNING, "busy")),
            Map.entry("VALIDATING", new Look("Validating", TURNING, "busy")),
            Map.entry("COMPLETED", new Look("Completed", "pi-check", "ok")),
            Map.entry("OFFERED", new Look("Offered", "pi-send", "")),
            // clients and combiners
            Map.entry("REGISTERED", new Look("Never attached", "pi-question-circle", "")),
            Map.entry("ATTACHED", new Look("Online", "pi-check-circle", "ok")),
            Map.entry("DETACHED", new Look("Offline", "pi-power-off", "bad")),
            Map.entry("REVOKED", new Look("Revoked", "pi-ban", "bad")),
            Map.entry("BUSY", new Look("Working", TURNING, "busy")),
            Map.entry("IDLE", new Look("Idle", "pi-circle", "")),
            Map.entry("ALIVE", new Look("Alive", "pi-check-circle", "ok")),
            Map.entry("SILENT", new Look("Silent", "pi-exclamation-triangle", "bad")),
            Map.entry("DRAINING", new Look("Draining", "pi-sign-out", "warn")),
            // updates and claims
            Map.entry("RECEIVED", new Look("Received", "pi-inbox", "busy")),
            Map.entry("ACCEPTED", new Look("Accepted", "pi-check", "ok")),
            Map.entry("REJECTED", new Look("Rejected", "pi-times", "bad")),
            Map.entry("LATE", new Look("Late", "pi-clock", "warn")),
            Map.entry("DUPLICATE", new Look("Duplicate", "pi-clone", "")),
            Map.entry("CLAIMED", new Look("Working", TURNING, "busy")),
            Map.entry("REPORTED", new Look("Reported", "pi-check", "ok")),
            Map.entry("LOST", new Look("Lost", "pi-exclamation-triangle", "bad")),
            // events, audit, packages, accounts
            Map.entry("INFO", new Look("Info", "pi-info-circle", "")),
            Map.entry("WARNING", new Look("Warning", "pi-exclamation-triangle", "warn")),
            Map.entry("ERROR", new Look("Error", "pi-times-circle", "bad")),
            Map.entry("DONE", new Look("Done", "pi-check", "ok")),
            Map.entry("DENIED", new Look("Denied", "pi-ban", "bad")),
            Map.entry("ACTIVE", new Look("Active", "pi-check-circle", "ok")),
            Map.entry("DISABLED", new Look("Disabled", "pi-ban", "bad")),
            Map.entry("ENABLED", new Look("Enabled", "pi-check-circle", "ok")),
            Map.entry("OPERATOR", new Look("Operator", "pi-wrench", "")),
            Map.entry("MEMBER", new Look("Member", "pi-user", "")),
            Map.entry("VIEWER", new Look("Viewer", "pi-eye", "")));

    /** @param state an enum's name or the enum itself; what is not known is shown as it is, in small letters */
    static Look of(Object state) {
        String name = state == null ? "" : state.toString();
        Look look = KNOWN.get(name);
        return look != null ? look : new Look(sentence(name), "pi-circle", "");
    }

    private static String sentence(String name) {
        String words = name.replace('_', ' ').toLowerCase(Locale.ROOT);
        return words.isEmpty() ? "–" : Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
