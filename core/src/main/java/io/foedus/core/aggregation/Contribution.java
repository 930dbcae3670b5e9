package io.foedus.core.aggregation;

import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFile;
import java.util.Optional;

/**
 * One input of a fold: a client's update or a combiner's partial.
 *
 * @param id decides the place in the fold's order; unique within a fold
 * @param model the open file; stays open, the fold does not close it
 * @param weight examples behind it, finite and not negative
 * @param digest what the file's SHA-256 must be; verified during the fold if present
 * @param staleness global models published since the one this update started from; 0 in synchronous rounds
 * @param origin the global model this update started from; empty means the fold's base model
 */
public record Contribution(
        String id, ModelFile model, double weight, Optional<Digest> digest, int staleness, Optional<ModelFile> origin) {
    /**
     * Refuses what cannot be weighed.
     *
     * @throws IllegalArgumentException naming the contribution, if its weight or staleness makes no sense
     */
    public Contribution {
        if (!Double.isFinite(weight) || weight < 0) {
            throw new IllegalArgumentException("contribution " + id + " has the weight " + weight);
        }
        if (staleness < 0) {
            throw new IllegalArgumentException("contribution " + id + " has the staleness " + staleness);
        }
    }

    /** An update of a synchronous round whose bytes are trusted. */
    public Contribution(String id, ModelFile model, double weight) {
        this(id, model, weight, Optional.empty(), 0, Optional.empty());
    }

    /** An update of a synchronous round. */
    public Contribution(String id, ModelFile model, double weight, Digest digest) {
        this(id, model, weight, Optional.of(digest), 0, Optional.empty());
    }

    /** An update that started from the fold's base model, or whose origin does not matter to the rule. */
    public Contribution(String id, ModelFile model, double weight, Optional<Digest> digest, int staleness) {
        this(id, model, weight, digest, staleness, Optional.empty());
    }

    /** The same update, started from an older global model. */
    public Contribution from(ModelFile older, int models) {
        return new Contribution(id, model, weight, digest, models, Optional.of(older));
    }
}
