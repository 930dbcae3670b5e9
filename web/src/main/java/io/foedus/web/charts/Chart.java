package io.foedus.web.charts;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.List;

/** Builds the JSON of charts. Pure. Values that are null or not finite become gaps. */
public final class Chart {
    private Chart() {}

    /** Lines, or stacked bars, over labelled steps. */
    public static String steps(String x, String y, List<?> labels, List<Series> series, boolean logarithmic) {
        JsonArrayBuilder all = Json.createArrayBuilder();
        for (Series one : series) {
            JsonObjectBuilder object = Json.createObjectBuilder().add("name", one.name());
            if (one.tone() != null) {
                object.add("tone", one.tone());
            }
            object.add("values", numbers(one.values()));
            if (one.low() != null) {
                object.add("low", numbers(one.low())).add("high", numbers(one.high()));
            }
            all.add(object);
        }
        return axes(x, y)
                .add("log", logarithmic)
                .add("labels", texts(labels))
                .add("series", all)
                .build()
                .toString();
    }

    /** A point of a line over a measured axis. */
    public record At(double x, double y) {}

    /** A named line over a measured axis. */
    public record Line(String name, List<At> points) {}

    public static String lines(String x, String y, List<Line> lines, boolean logarithmic) {
        return measured(x, y, lines).add("log", logarithmic).build().toString();
    }

    /** Lines over an axis that has its ends wherever the points are. */
    public static String lines(String x, String y, List<Line> lines, double from, double until) {
        return measured(x, y, lines)
                .add("from", from)
                .add("until", until)
                .build()
                .toString();
    }

    private static JsonObjectBuilder measured(String x, String y, List<Line> lines) {
        JsonArrayBuilder all = Json.createArrayBuilder();
        for (Line line : lines) {
            JsonArrayBuilder points = Json.createArrayBuilder();
            line.points().stream()
                    .filter(at -> Double.isFinite(at.x()) && Double.isFinite(at.y()))
                    .forEach(at ->
                            points.add(Json.createArrayBuilder().add(at.x()).add(at.y())));
            all.add(Json.createObjectBuilder().add("name", line.name()).add("points", points));
        }
        return axes(x, y).add("series", all);
    }

    /** Five numbers of a distribution and how many values it has. */
    public record Box(double min, double lower, double median, double upper, double max, int count) {}

    /** Boxes over labelled steps; a null box is a gap. */
    public static String boxes(String x, String y, List<?> labels, List<Box> boxes) {
        JsonArrayBuilder all = Json.createArrayBuilder();
        for (Box box : boxes) {
            all.add(box == null ? JsonObject.NULL : object(box));
        }
        return axes(x, y).add("labels", texts(labels)).add("boxes", all).build().toString();
    }

    private static JsonObject object(Box box) {
        return Json.createObjectBuilder()
                .add("min", box.min())
                .add("q1", box.lower())
                .add("median", box.median())
                .add("q3", box.upper())
                .add("max", box.max())
                .add("count", box.count())
                .build();
    }

    /** A bar in somebody's lane, in seconds since the chart's beginning. */
    public record Bar(String lane, String kind, double from, double to, String text) {}

    /** Spans of time, one lane per actor. */
    public static String lanes(List<String> lanes, double from, double until, List<Bar> bars) {
        JsonArrayBuilder all = Json.createArrayBuilder();
        bars.forEach(bar -> all.add(Json.createObjectBuilder()
                .add("lane", bar.lane())
                .add("kind", bar.kind())
                .add("from", rounded(bar.from()))
                .add("to", rounded(bar.to()))
                .add("text", bar.text())));
        JsonObject tones = Json.createObjectBuilder()
                .add("Train", "train")
                .add("Validate", "validate")
                .add("Reduce", "reduce")
                .build();
        return axes("Seconds since the start", "")
                .add("lanes", texts(lanes))
                .add("from", rounded(from))
                .add("until", rounded(until))
                .add("least", (until - from) / 400)
                .add("tones", tones)
                .add("bars", all)
                .build()
                .toString();
    }

    private static JsonObjectBuilder axes(String x, String y) {
        return Json.createObjectBuilder().add("x", x).add("y", y);
    }

    private static double rounded(double seconds) {
        return Math.round(seconds * 1000) / 1000.0;
    }

    private static JsonArrayBuilder texts(List<?> labels) {
        JsonArrayBuilder array = Json.createArrayBuilder();
        labels.forEach(label -> array.add(label.toString()));
        return array;
    }

    private static JsonArrayBuilder numbers(List<Double> values) {
        JsonArrayBuilder array = Json.createArrayBuilder();
        for (Double value : values) {
            if (value == null || !Double.isFinite(value)) {
                array.addNull();
            } else {
                array.add(Math.round(value * 1e6) / 1e6);
            }
        }
        return array;
    }
}
