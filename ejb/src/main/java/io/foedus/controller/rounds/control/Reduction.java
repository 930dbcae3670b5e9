package io.foedus.controller.rounds.control;

import io.foedus.core.aggregation.Tier;
import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What a reducer is to do, complete and immutable: which files, by which rules. The same reduction gives the same
 * bytes.
 *
 * @param claimant the name under which the round is claimed
 * @param base the model that the round started from
 * @param format its format, which files without a mark are read as
 * @param aggregator the rule of this round
 * @param pieces what to fold, in any order
 * @param least how many updates the round needs
 * @param optimizerState what the server optimizer remembers from the round before
 */
public record Reduction(
        UUID session,
        UUID round,
        String claimant,
        Digest base,
        ModelFormat format,
        String aggregator,
        String optimizer,
        Tier tier,
        List<Piece> pieces,
        int least,
        Optional<Digest> optimizerState)
        implements Work {

    /** The same without some of its pieces. */
    Reduction without(Set<String> ids) {
        List<Piece> left =
                pieces.stream().filter(piece -> !ids.contains(piece.id())).toList();
        return new Reduction(
                session, round, claimant, base, format, aggregator, optimizer, tier, left, least, optimizerState);
    }

    /**
     * A partial of a combiner, or an update of a client.
     *
     * @param format that files without a mark are read as
     * @param origin the model that an update started from, if it was an older one than the base
     */
    public record Piece(
            String id, Digest digest, ModelFormat format, double weight, int staleness, Optional<Digest> origin) {
        static Piece partial(String combiner, Digest digest, ModelFormat format, double weight) {
            return new Piece(combiner, digest, format, weight, 0, Optional.empty());
        }
    }
}
