package io.foedus.web.network;

import io.foedus.web.desk.Words;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What a client last said of itself, with the units that its names tell. Pure. */
final class Readings {
    /** What an agent reports of the machine is of everything that runs there, not of the agent alone. */
    private static final Map<String, String> KNOWN = Map.of(
            "cpuFraction", "CPU of its machine",
            "memory_fraction", "Memory used at its machine",
            "processors", "Processors of its machine",
            "memoryBytes", "Memory of its agent");

    private Readings() {}

    /** Label → text; {@code …Bytes} are bytes and {@code …Fraction} shares, in camel case or with underscores. */
    static Map<String, String> of(Map<String, Object> telemetry, Words words) {
        Map<String, String> readings = new LinkedHashMap<>();
        telemetry.forEach((name, value) -> {
            String kind = name.replace("_", "").toLowerCase(Locale.ROOT);
            String label = KNOWN.getOrDefault(name, label(name.replaceAll("(?i)_?(bytes|fraction)$", "")));
            if (kind.endsWith("fraction") && value instanceof Number share) {
                readings.put(readings.containsKey(label) ? label + " share" : label, words.percent(share));
            } else if (kind.endsWith("bytes")) {
                readings.put(label, words.bytes(value));
            } else if (value instanceof Number) {
                readings.put(label, words.number(value));
            } else {
                readings.put(label, words.look(value).word());
            }
        });
        return readings;
    }

    private static String label(String name) {
        String spaced =
                name.replaceAll("([a-z])([A-Z])", "$1 $2").replace('_', ' ').toLowerCase(Locale.ROOT);
        return spaced.equals("cpu") ? "CPU" : Character.toUpperCase(spaced.charAt(0)) + spaced.substring(1);
    }
}
