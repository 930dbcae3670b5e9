package io.foedus.web.bodies;

import io.foedus.controller.refusals.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The fields of a small form, in the order in which they came. */
final class FormFields {
    private static final int MOST_FIELDS = 5_000;

    private FormFields() {}

    /**
     * Reads a body of {@code application/x-www-form-urlencoded}.
     *
     * @throws Refusal {@code TOO_LARGE} or {@code BAD_FORM}
     */
    static Map<String, List<String>> read(InputStream body, int most) throws IOException {
        byte[] bytes = body.readNBytes(most + 1);
        if (bytes.length > most) {
            throw tooLarge(most);
        }
        return of(new String(bytes, StandardCharsets.UTF_8));
    }

    static Refusal tooLarge(int most) {
        return Refusal.tooLarge("TOO_LARGE", "The form has more than " + most + " bytes.", "Send less.");
    }

    static Map<String, List<String>> of(String encoded) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        String[] pairs = encoded.split("&", MOST_FIELDS + 1);
        if (pairs.length > MOST_FIELDS) {
            throw Refusal.tooLarge("TOO_LARGE", "The form has more than " + MOST_FIELDS + " fields.", "Send less.");
        }
        for (String pair : pairs) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
                String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
                fields.computeIfAbsent(name, any -> new ArrayList<>()).add(value);
            }
        }
        return fields;
    }

    static Map<String, List<String>> of(List<FormPart> parts) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        parts.stream()
                .filter(part -> !part.isFile())
                .forEach(part -> fields.computeIfAbsent(part.getName(), any -> new ArrayList<>())
                        .add(part.text()));
        return fields;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Refusal.malformed("BAD_FORM", "The form is not encoded as it says.", "Send it as browsers do.");
        }
    }
}
