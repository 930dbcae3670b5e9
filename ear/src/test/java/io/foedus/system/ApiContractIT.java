package io.foedus.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.federation.Federation;
import io.foedus.federation.SharedFederation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Programs that call the REST API outlive releases: calls, parameters and members that the last release describes are
 * still described, and nothing that was optional is demanded. {@code api.txt} is the API of that release; a release
 * replaces it by {@code target/api.txt}.
 */
@ExtendWith(SharedFederation.class)
class ApiContractIT {
    private final JsonNode openapi;

    ApiContractIT(Federation federation) {
        openapi = federation.rest().anonymously().get("/openapi?format=json").json();
    }

    @Test
    void what_the_last_release_describes_is_still_there_and_no_more_is_demanded() throws IOException {
        SortedSet<String> now = lines();
        Files.write(Path.of("target/api.txt"), now);
        List<String> before = Files.readAllLines(Path.of("src/test/resources/api.txt"));

        assertThat(now)
                .containsAll(before.stream().filter(line -> !demands(line)).toList());
        List<String> calls =
                before.stream().filter(line -> !line.contains("  ")).toList();
        assertThat(now.stream().filter(line -> demands(line) && calls.contains(line.substring(0, line.indexOf("  ")))))
                .isSubsetOf(before);
    }

    private static boolean demands(String line) {
        return line.endsWith(" demanded");
    }

    private SortedSet<String> lines() {
        SortedSet<String> lines = new TreeSet<>();
        for (var path : openapi.path("paths").properties()) {
            for (var call : path.getValue().properties()) {
                if (call.getValue().has("responses")) {
                    addCall(call.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(), call.getValue(), lines);
                }
            }
        }
        for (var schema : openapi.at("/components/schemas").properties()) {
            lines.add("schema " + schema.getKey());
            for (var member : schema.getValue().path("properties").properties()) {
                lines.add("schema " + schema.getKey() + "  ." + member.getKey() + " " + type(member.getValue()));
            }
        }
        return lines;
    }

    private static void addCall(String call, JsonNode described, SortedSet<String> lines) {
        lines.add(call);
        for (JsonNode parameter : described.path("parameters")) {
            String line = call + "  " + parameter.path("in").asText() + " "
                    + parameter.path("name").asText();
            lines.add(line);
            boolean inPath = parameter.path("in").asText().equals("path"); // and so in the call itself
            if (parameter.path("required").asBoolean() && !inPath) {
                lines.add(line + " demanded");
            }
        }
        for (var body : described.path("requestBody").path("content").properties()) {
            lines.add(call + "  body " + body.getKey());
        }
    }

    private static String type(JsonNode member) {
        String reference = member.path("$ref").asText("");
        return reference.isEmpty()
                ? member.path("type").asText("any")
                : reference.substring(reference.lastIndexOf('/') + 1);
    }
}
