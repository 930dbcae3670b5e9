package io.foedus.core.round;

import io.foedus.core.models.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/**
 * Whom to ask, by lot. Pure: the same candidates, seed and round give the same selection, in whatever order candidates
 * come and on whatever machine, so a manifest's seed is enough to check a round afterwards.
 */
public final class Selection {
    public static final Selection RANDOM = new Selection();

    private Selection() {}

    /**
     * Chooses by lot: candidates are ordered by SHA-256 of seed, round and id, and the first are taken.
     *
     * @param wanted how many; fewer are chosen if there are fewer
     * @return the chosen, in the order of the lot
     */
    public List<Candidate> select(List<Candidate> candidates, int wanted, long seed, int round) {
        return candidates.stream()
                .sorted(Comparator.comparing((Candidate candidate) -> lot(candidate, seed, round))
                        .thenComparing(Candidate::id))
                .limit(wanted)
                .toList();
    }

    private static Digest lot(Candidate candidate, long seed, int round) {
        return Digest.of((seed + "|" + round + "|" + candidate.id()).getBytes(StandardCharsets.UTF_8));
    }
}
