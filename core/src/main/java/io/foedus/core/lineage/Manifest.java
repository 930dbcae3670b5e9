package io.foedus.core.lineage;

import io.foedus.core.json.Json;
import io.foedus.core.json.JsonException;
import io.foedus.core.json.JsonObject;
import io.foedus.core.models.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The record of how one global model came to be. A pure value; equal manifests have equal bytes.
 *
 * @param alliance the federation
 * @param session id of the training campaign
 * @param round number of the round in its session, from 1; 0 for a seed model
 * @param model SHA-256 of the model's file
 * @param parent SHA-256 of the model it was trained from; empty for a seed model
 * @param inputs the updates, kept in client order
 * @param partials SHA-256 of each combiner's partial, by combiner
 * @param aggregator spec of the aggregator
 * @param optimizer spec of the server optimizer
 * @param plan the session's parameters as text pairs
 * @param computePackage SHA-256 of the compute package; empty if none was used
 * @param selectionSeed seed of the client selection
 * @param previous {@link #hash} of the parent's manifest; empty at the start of a chain
 */
public record Manifest(
        String alliance,
        String session,
        int round,
        Digest model,
        Optional<Digest> parent,
        List<Input> inputs,
        Map<String, Digest> partials,
        String aggregator,
        String optimizer,
        Map<String, String> plan,
        Optional<Digest> computePackage,
        long selectionSeed,
        Optional<Digest> previous) {
    /** The version of the JSON form. */
    public static final int VERSION = 1;

    public Manifest {
        inputs = inputs.stream()
                .sorted(Comparator.comparing(Input::client).thenComparing(Input::digest))
                .toList();
        partials = java.util.Collections.unmodifiableMap(new TreeMap<>(partials));
        plan = java.util.Collections.unmodifiableMap(new TreeMap<>(plan));
    }

    /** The canonical JSON bytes: what is hashed and signed. */
    public byte[] bytes() {
        return Json.canonical(toJson());
    }

    /** SHA-256 of the canonical bytes, which contain {@link #previous}: the link of the chain. */
    public Digest hash() {
        return Digest.of(bytes());
    }

    /** Whether an update or partial of this digest went into the model. */
    public boolean names(String digest) {
        return inputs.stream().anyMatch(input -> input.digest().hex().equals(digest))
                || partials.values().stream().anyMatch(partial -> partial.hex().equals(digest));
    }

    /**
     * Reads a manifest.
     *
     * @throws JsonException if the text is not a manifest of a version we know
     */
    public static Manifest parse(byte[] bytes) {
        JsonObject json = Json.object(new String(bytes, StandardCharsets.UTF_8));
        if (json.whole("version") != VERSION) {
            throw new JsonException("the manifest has version " + json.whole("version") + ", known is " + VERSION);
        }
        Map<String, Digest> partials = new TreeMap<>();
        JsonObject listed = json.object("partials");
        listed.names().forEach(name -> partials.put(name, new Digest(listed.string(name))));
        Map<String, String> plan = new TreeMap<>();
        JsonObject planned = json.object("plan");
        planned.names().forEach(name -> plan.put(name, planned.string(name)));
        return new Manifest(
                json.string("alliance"),
                json.string("session"),
                (int) json.whole("round"),
                new Digest(json.string("model")),
                json.optionalString("parent").map(Digest::new),
                json.objects("inputs").stream().map(Input::of).toList(),
                partials,
                json.string("aggregator"),
                json.string("optimizer"),
                plan,
                json.optionalString("package").map(Digest::new),
                Long.parseLong(json.string("selectionSeed")),
                json.optionalString("previous").map(Digest::new));
    }

    private Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> digests = new LinkedHashMap<>();
        partials.forEach((combiner, digest) -> digests.put(combiner, digest.hex()));
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("version", VERSION);
        json.put("alliance", alliance);
        json.put("session", session);
        json.put("round", round);
        json.put("model", model.hex());
        json.put("parent", parent.map(Digest::hex).orElse(null));
        json.put("inputs", inputs.stream().map(Input::toJson).toList());
        json.put("partials", digests);
        json.put("aggregator", aggregator);
        json.put("optimizer", optimizer);
        json.put("plan", plan);
        json.put("package", computePackage.map(Digest::hex).orElse(null));
        // as text: JSON readers elsewhere keep only 53 bits
        json.put("selectionSeed", String.valueOf(selectionSeed));
        json.put("previous", previous.map(Digest::hex).orElse(null));
        return json;
    }
}
