package io.foedus.core.lineage;

import io.foedus.core.json.JsonObject;
import io.foedus.core.models.Digest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One update that went into a model.
 *
 * @param client the client's id
 * @param combiner the combiner that folded it; empty if the controller did
 * @param digest SHA-256 of the update's file
 * @param examples how many examples the client trained on
 * @param weight what the fold counted it with
 * @param staleness how many models had been published since the one it started from
 * @param origin SHA-256 of the model it started from, if that was not the parent
 */
public record Input(
        String client,
        String combiner,
        Digest digest,
        long examples,
        double weight,
        int staleness,
        Optional<Digest> origin) {
    /** An update of a synchronous round. */
    public Input(String client, String combiner, Digest digest, long examples, double weight) {
        this(client, combiner, digest, examples, weight, 0, Optional.empty());
    }

    Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("client", client);
        json.put("combiner", combiner);
        json.put("digest", digest.hex());
        json.put("examples", examples);
        json.put("weight", weight);
        origin.ifPresent(older -> {
            json.put("staleness", staleness);
            json.put("origin", older.hex());
        });
        return json;
    }

    static Input of(JsonObject json) {
        return new Input(
                json.string("client"),
                json.string("combiner"),
                new Digest(json.string("digest")),
                json.whole("examples"),
                json.number("weight"),
                json.optionalWhole("staleness").orElse(0L).intValue(),
                json.optionalString("origin").map(Digest::new));
    }
}
