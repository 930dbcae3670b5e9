package io.foedus.web.problems;

import io.foedus.controller.refusals.Refusal;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.stream.JsonParser;
import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.StringJoiner;

/**
 * What every JSON body has to be, whatever its call makes of it: whole, not nested without end, and without
 * {@code null} in its lists, which no call means anything by.
 */
final class JsonShape {
    private static final int DEEPEST = 100;

    /** One level: the member that is read, or the place in a list. */
    private static final class Level {
        private final boolean list;
        private String name = "";
        private int at = -1;

        Level(boolean list) {
            this.list = list;
        }

        void value() {
            at++;
        }

        @Override
        public String toString() {
            return list ? String.valueOf(at) : name;
        }
    }

    private final Deque<Level> levels = new ArrayDeque<>();

    private JsonShape() {}

    /**
     * Looks at a body; an empty one is fine.
     *
     * @throws Refusal {@code MALFORMED_JSON} naming the place
     * @throws JsonException if it is no JSON
     */
    static void require(byte[] bytes) {
        if (bytes.length > 0) {
            JsonShape shape = new JsonShape();
            try (JsonParser parser = Json.createParser(new ByteArrayInputStream(bytes))) {
                while (parser.hasNext()) {
                    shape.next(parser.next(), parser);
                }
            }
        }
    }

    private void next(JsonParser.Event event, JsonParser parser) {
        switch (event) {
            case KEY_NAME -> levels.element().name = parser.getString();
            case END_ARRAY, END_OBJECT -> levels.remove();
            default -> value(event);
        }
    }

    private void value(JsonParser.Event event) {
        Level around = levels.peek();
        if (around != null) {
            around.value();
            if (around.list && event == JsonParser.Event.VALUE_NULL) {
                throw malformed("There is a null in a list, at '" + path() + "'.", "Leave it out.");
            }
        }
        if (event == JsonParser.Event.START_ARRAY || event == JsonParser.Event.START_OBJECT) {
            if (levels.size() == DEEPEST) {
                throw malformed("The body is nested more than " + DEEPEST + " deep.", "Send a flatter one.");
            }
            levels.push(new Level(event == JsonParser.Event.START_ARRAY));
        }
    }

    private String path() {
        StringJoiner path = new StringJoiner("/");
        for (Iterator<Level> from = levels.descendingIterator(); from.hasNext(); ) {
            path.add(from.next().toString());
        }
        return path.length() <= 200 ? path.toString() : path.toString().substring(0, 200) + "…";
    }

    private static Refusal malformed(String detail, String remedy) {
        return Refusal.malformed("MALFORMED_JSON", detail, remedy);
    }
}
