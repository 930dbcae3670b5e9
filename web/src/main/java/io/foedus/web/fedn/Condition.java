package io.foedus.web.fedn;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * One filter of a list call: {@code field=value}, {@code field=null}, {@code field=a,b} (any of them) or
 * {@code field__gt=value} with {@code gt, lt, gte, lte, ne, eq}.
 *
 * <p>0.33's own client asks for {@code sessionId} where the stored field is {@code session_id}; both are understood. A
 * condition on a field that the collection does not have holds for nothing, as it would in FEDn's database.
 *
 * @param field dotted path in snake case
 * @param test how value and field are compared
 * @param value text as sent, without the slash that {@code fedn model list} appends
 */
record Condition(String field, Test test, String value) {
    /** How a field is compared. */
    enum Test {
        EQ,
        NE,
        GT,
        LT,
        GTE,
        LTE
    }

    private static final Set<String> NOT_FIELDS = Set.of("include_self");

    static List<Condition> of(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .filter(parameter -> !NOT_FIELDS.contains(parameter.getKey()))
                .map(parameter -> of(parameter.getKey(), parameter.getValue()))
                .toList();
    }

    static Condition of(String name, String value) {
        int mark = name.lastIndexOf("__");
        Test test = mark < 0 ? null : test(name.substring(mark + 2));
        String field = test == null ? name : name.substring(0, mark);
        String text = value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
        return new Condition(snake(field), test == null ? Test.EQ : test, text);
    }

    boolean holds(Document document) {
        Object actual = document.at(field);
        return switch (test) {
            case EQ -> equal(actual);
            case NE -> !equal(actual);
            case GT -> actual != null && order(actual) > 0;
            case LT -> actual != null && order(actual) < 0;
            case GTE -> actual != null && order(actual) >= 0;
            case LTE -> actual != null && order(actual) <= 0;
        };
    }

    private boolean equal(Object actual) {
        if (actual == null) {
            return value.isEmpty() || value.equals("null");
        }
        for (String wanted : value.split(",")) {
            if (compare(actual, wanted) == 0) {
                return true;
            }
        }
        return false;
    }

    private int order(Object actual) {
        return compare(actual, value);
    }

    private static int compare(Object actual, String wanted) {
        Object typed = wanted;
        try {
            if (actual instanceof Number) {
                typed = Double.valueOf(wanted);
            } else if (actual instanceof Instant) {
                typed = instant(wanted);
            } else if (actual instanceof Boolean) {
                typed = wanted.toLowerCase(Locale.ROOT);
            }
        } catch (NumberFormatException | DateTimeParseException unlike) {
            return -1;
        }
        return ListQuery.compare(actual, typed);
    }

    private static Instant instant(String text) {
        if (text.endsWith("GMT")) {
            return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
        }
        String iso = text.replace(' ', 'T');
        return OffsetDateTime.parse(iso.matches(".*(Z|[+-]\\d\\d:?\\d\\d)$") ? iso : iso + "Z")
                .toInstant();
    }

    private static Test test(String suffix) {
        for (Test test : Test.values()) {
            if (test.name().equalsIgnoreCase(suffix)) {
                return test;
            }
        }
        return null;
    }

    private static String snake(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }
}
