package io.foedus.web.desk;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonReader;
import jakarta.json.JsonWriter;
import jakarta.json.JsonWriterFactory;
import jakarta.json.stream.JsonGenerator;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** Puts values into words for pages. Pure; null becomes a dash. */
@Named
@ApplicationScoped
public class Words {
    @Inject
    Clock clock;

    /** What rounding leaves of a deviation that is none. */
    private static final double NOUGHT = 1e-12;

    private static final String NONE = "–";
    private static final JsonWriterFactory PRETTY =
            Json.createWriterFactory(Map.of(JsonGenerator.PRETTY_PRINTING, true));
    private static final DateTimeFormatter WHEN = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    public Look look(Object state) {
        return Look.of(state);
    }

    /** Four significant digits, as many as a metric needs. */
    public String number(Object value) {
        if (!(value instanceof Number number)) {
            return value == null ? NONE : value.toString();
        }
        double real = number.doubleValue();
        if (!(number instanceof Double || number instanceof Float || number instanceof BigDecimal)
                || (real == Math.rint(real) && Math.abs(real) < 1e9)) {
            return String.format(Locale.ROOT, "%,d", Math.round(real));
        }
        double size = Math.abs(real);
        if (size < NOUGHT) {
            return "0";
        }
        if (size >= 1e6 || size < 1e-3) {
            return String.format(Locale.ROOT, "%.2e", real);
        }
        return String.format(Locale.ROOT, size < 10 ? "%.4f" : size < 1000 ? "%.2f" : "%.0f", real);
    }

    /** Decimal units, as file managers show them. */
    public String bytes(Object value) {
        if (!(value instanceof Number number)) {
            return NONE;
        }
        double size = number.doubleValue();
        String[] units = {"B", "kB", "MB", "GB", "TB", "PB"};
        int unit = 0;
        while (size >= 1000 && unit < units.length - 1) {
            size /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 || size >= 100 ? "%.0f %s" : "%.1f %s", size, units[unit]);
    }

    /** A duration given in seconds. */
    public String seconds(Object value) {
        if (!(value instanceof Number number)) {
            return NONE;
        }
        double seconds = number.doubleValue();
        if (seconds < 1) {
            return Math.round(seconds * 1000) + " ms";
        }
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        if (whole < 3600) {
            return whole / 60 + " min " + whole % 60 + " s";
        }
        return whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }

    /** How long from one instant to another, or till now. */
    public String span(Instant from, Instant until) {
        return from == null
                ? NONE
                : seconds(Duration.between(from, until == null ? clock.instant() : until)
                                .toMillis()
                        / 1000.0);
    }

    public String percent(Number share) {
        return share == null ? NONE : String.format(Locale.ROOT, "%.0f %%", share.doubleValue() * 100);
    }

    /** Whole percent of done, 0 to 100, for a bar. */
    public int percent(Number done, Number of) {
        double whole = of == null ? 0 : of.doubleValue();
        return done == null || whole <= 0 ? 0 : (int) Math.max(0, Math.min(100, 100 * done.doubleValue() / whole));
    }

    /** In UTC; the page's script turns it into the reader's time and an age. */
    public String when(Instant at) {
        return at == null ? NONE : WHEN.format(at);
    }

    /** The first characters of a digest. */
    public String brief(String digest) {
        return digest == null ? NONE : digest.length() <= 12 ? digest : digest.substring(0, 12);
    }

    /** A number with its sign, for differences. */
    public String signed(Number value) {
        return value == null ? NONE : (value.doubleValue() > 0 ? "+" : "") + number(value);
    }

    /** A reason that is a code, {@code ROUND_CANCELLED}, as words; a sentence as it is. */
    public String reason(String reason) {
        return reason == null
                ? ""
                : reason.matches("[A-Z0-9_]+") ? reason.replace('_', ' ').toLowerCase(Locale.ROOT) : reason;
    }

    /** JSON with a line per member; what is no JSON as it is. */
    public String json(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            StringWriter pretty = new StringWriter();
            try (JsonWriter writer = PRETTY.createWriter(pretty)) {
                writer.write(reader.read());
            }
            return pretty.toString().strip();
        } catch (JsonException e) {
            return text;
        }
    }

    public String orNone(Object value) {
        return value == null || value.toString().isBlank() ? NONE : value.toString();
    }

    /** {@code 1 round}, {@code 2 rounds}. */
    public String count(Number number, String one) {
        long count = number == null ? 0 : number.longValue();
        return String.format(Locale.ROOT, "%,d %s%s", count, one, count == 1 ? "" : "s");
    }
}
