package io.foedus.agent.attendance;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * Where the controller sends an agent.
 *
 * @param ticket what the agent shows to combiners
 * @param ticketExpiresAt end of the ticket
 * @param combinerId id of the combiner
 * @param combinerName name of the combiner, for people
 * @param host host to dial
 * @param port port to dial
 * @param tls whether it speaks TLS
 * @param packageDigest active compute package of the alliance
 */
public record Placement(
        String ticket,
        Instant ticketExpiresAt,
        String combinerId,
        String combinerName,
        String host,
        int port,
        boolean tls,
        Optional<String> packageDigest) {

    /** From the answer of the controller. */
    public static Placement of(JsonNode answer) {
        JsonNode combiner = answer.path("combiner");
        int port = combiner.path("port").asInt(-1);
        String host = combiner.path("host").asText("");
        if (host.isEmpty()
                || port < 1
                || port > 65535
                || answer.path("ticket").asText("").isEmpty()) {
            throw new Failure(
                    ExitCode.RETRY_LATER,
                    "the controller's placement names no combiner or ticket",
                    "Check that controller and agent are of the same version.");
        }
        String digest = answer.path("package").path("digest").asText("");
        return new Placement(
                answer.path("ticket").asText(),
                instant(answer.path("ticketExpiresAt").asText("")),
                combiner.path("id").asText(),
                combiner.path("name").asText(combiner.path("id").asText()),
                host,
                port,
                combiner.path("tls").asBoolean(),
                digest.isEmpty() ? Optional.empty() : Optional.of(digest));
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            return Instant.MAX; // then only a refusal tells that it ended
        }
    }
}
