package io.foedus.controller.alliances.entity;

import io.foedus.controller.identity.entity.Role;
import java.util.Map;

/**
 * What holds for every session and model of an alliance, whoever asks and through whichever door.
 *
 * @param leastClients a session's plan must ask for at least so many clients in each round: with few, a model tells of
 *     one site's data
 * @param maxExamples an update that claims more is rejected: it would own the model
 * @param download the least role that may get models' bytes: {@code MEMBER} or {@code OPERATOR}
 */
public record Policy(int leastClients, long maxExamples, Role download) {
    /** What holds while nobody has said otherwise. */
    public static final Policy USUAL = new Policy(1, 10_000_000, Role.MEMBER);

    private static final int MOST_CLIENTS = 1_000_000;
    private static final long MOST_EXAMPLES = 1_000_000_000_000L;

    /** @throws IllegalArgumentException naming what is out of bounds */
    public Policy {
        if (leastClients < 1 || leastClients > MOST_CLIENTS) {
            throw new IllegalArgumentException(
                    "the minimum number of clients is from 1 to " + MOST_CLIENTS + ", not " + leastClients);
        }
        if (maxExamples < 1 || maxExamples > MOST_EXAMPLES) {
            throw new IllegalArgumentException(
                    "the most examples of one update are from 1 to " + MOST_EXAMPLES + ", not " + maxExamples);
        }
        if (download != Role.MEMBER && download != Role.OPERATOR) {
            throw new IllegalArgumentException("models go to members or to operators, not to " + download);
        }
    }

    /** Reads a row's settings; what they do not say is as usual. */
    public static Policy of(Map<String, Object> settings) {
        return new Policy(
                settings.get("leastClients") instanceof Number least ? least.intValue() : USUAL.leastClients,
                settings.get("maxExamples") instanceof Number most ? most.longValue() : USUAL.maxExamples,
                settings.get("download") instanceof String role ? Role.valueOf(role) : USUAL.download);
    }

    /** As it is kept in a row. */
    public Map<String, Object> settings() {
        return Map.of("leastClients", leastClients, "maxExamples", maxExamples, "download", download.name());
    }
}
