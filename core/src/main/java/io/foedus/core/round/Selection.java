package io.foedus.core.round;

import io.foedus.core.models.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Whom to ask. Pure: the same candidates, seed and round give the same selection, in whatever order candidates come and
 * on whatever machine, so a manifest's seed is enough to check a round afterwards.
 *
 * <p>Written as {@code random}, {@code all}, or {@code attribute:key=value} (a random choice among the clients that
 * have that attribute).
 *
 * @param everybody whether the wanted count is ignored
 * @param attribute the attribute that a candidate must have, as {@code key=value}
 */
public record Selection(boolean everybody, Optional<String> attribute) {
    public static final Selection RANDOM = new Selection(false, Optional.empty());
    public static final Selection ALL = new Selection(true, Optional.empty());

    /**
     * Reads a selection.
     *
     * @throws IllegalArgumentException naming the forms there are
     */
    public static Selection parse(String text) {
        String stripped = text.strip();
        if (stripped.equals("random")) {
            return RANDOM;
        }
        if (stripped.equals("all")) {
            return ALL;
        }
        if (stripped.matches("attribute:[^=]+=.+")) {
            return new Selection(false, Optional.of(stripped.substring("attribute:".length())));
        }
        throw new IllegalArgumentException("selection '" + text + "' is none of random, all, attribute:key=value");
    }

    public String spec() {
        return attribute.map(pair -> "attribute:" + pair).orElse(everybody ? "all" : "random");
    }

    /**
     * Chooses by lot: candidates are ordered by SHA-256 of seed, round and id, and the first are taken.
     *
     * @param wanted how many; fewer are chosen if there are fewer
     * @return the chosen, in the order of the lot
     */
    public List<Candidate> select(List<Candidate> candidates, int wanted, long seed, int round) {
        return candidates.stream()
                .filter(this::eligible)
                .sorted(Comparator.comparing((Candidate candidate) -> lot(candidate, seed, round))
                        .thenComparing(Candidate::id))
                .limit(everybody ? Long.MAX_VALUE : wanted)
                .toList();
    }

    private boolean eligible(Candidate candidate) {
        if (attribute.isEmpty()) {
            return true;
        }
        int equals = attribute.get().indexOf('=');
        return attribute
                .get()
                .substring(equals + 1)
                .equals(candidate.attributes().get(attribute.get().substring(0, equals)));
    }

    private static Digest lot(Candidate candidate, long seed, int round) {
        return Digest.of((seed + "|" + round + "|" + candidate.id()).getBytes(StandardCharsets.UTF_8));
    }
}
