package io.foedus.core.lineage;

import io.foedus.core.json.JsonObject;
import io.foedus.core.models.Digest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One update that went into a model.
 *
 * @param client the client's id
 * @param combiner the combiner that folded it; empty if the controller did
 * @param digest SHA-256 of the update's file
 * @param examples how many examples the client trained on
 * @param weight what the fold counted it with
 */
public record Input(String client, String combiner, Digest digest, long examples, double weight) {
    Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("client", client);
        json.put("combiner", combiner);
        json.put("digest", digest.hex());
        json.put("examples", examples);
        json.put("weight", weight);
        return json;
    }

    static Input of(JsonObject json) {
        return new Input(
                json.string("client"),
                json.string("combiner"),
                new Digest(json.string("digest")),
                json.whole("examples"),
                json.number("weight"));
    }
}
