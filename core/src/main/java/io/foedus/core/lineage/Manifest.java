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
 * @param version of the JSON form: {@value #VERSION}; in {@value #OLDEST} the plan was an excerpt, as text pairs
 * @param alliance the federation
 * @param session id of the training campaign
 * @param round number of the round in its session, from 1; 0 for a seed model
 * @param model SHA-256 of the model's file
 * @param parent SHA-256 of the model it was trained from; empty for a seed model
 * @param inputs the updates, kept in client order
 * @param partials SHA-256 of each combiner's partial, by combiner
 * @param aggregator spec of the aggregator
 * @param optimizer spec of the server optimizer
 * @param plan the session's whole plan, as JSON values
 * @param computePackage SHA-256 of the compute package; empty if none was used
 * @param selectionSeed seed of the client selection
 * @param previous {@link #hash} of the parent's manifest; empty at the start of a chain
 */
public record Manifest(
        int version,
        String alliance,
        String session,
        int round,
        Digest model,
        Optional<Digest> parent,
        List<Input> inputs,
        Map<String, Digest> partials,
        String aggregator,
        String optimizer,
        Map<String, @Nullable Object> plan,
        Optional<Digest> computePackage,
        long selectionSeed,
        Optional<Digest> previous) {
    /** The version of the JSON form that is written. */
    public static final int VERSION = 2;

    /** The oldest version that is read, and told apart by nothing but its plan. */
    public static final int OLDEST = 1;

    public Manifest {
        requireKnown(version);
        inputs = inputs.stream()
                .sorted(Comparator.comparing(Input::client).thenComparing(Input::digest))
                .toList();
        partials = java.util.Collections.unmodifiableMap(new TreeMap<>(partials));
        plan = asRead(asRead(plan)); // the second time a number that was written as 1.0 is 1
    }

    /** A manifest of today's form. */
    public Manifest(
            String alliance,
            String session,
            int round,
            Digest model,
            Optional<Digest> parent,
            List<Input> inputs,
            Map<String, Digest> partials,
            String aggregator,
            String optimizer,
            Map<String, ? extends @Nullable Object> plan,
            Optional<Digest> computePackage,
            long selectionSeed,
            Optional<Digest> previous) {
        this(
                VERSION,
                alliance,
                session,
                round,
                model,
                parent,
                inputs,
                partials,
                aggregator,
                optimizer,
                new TreeMap<>(plan),
                computePackage,
                selectionSeed,
                previous);
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
     * Inputs that the model cannot contain: their combiner handed in no partial although others did. Up to November
     * 2026 a controller that had been away could name such inputs, and sign that.
     */
    public List<Input> uncounted() {
        return partials.isEmpty()
                ? List.of()
                : inputs.stream()
                        .filter(input -> !partials.containsKey(input.combiner()))
                        .toList();
    }

    /** The other inputs: what the model is made of. */
    public List<Input> counted() {
        List<Input> uncounted = uncounted();
        return inputs.stream().filter(input -> !uncounted.contains(input)).toList();
    }

    /**
     * Reads a manifest.
     *
     * @throws JsonException if the text is not a manifest of a version we know
     */
    public static Manifest parse(byte[] bytes) {
        JsonObject json = Json.object(new String(bytes, StandardCharsets.UTF_8));
        int version = (int) json.whole("version");
        requireKnown(version);
        Map<String, Digest> partials = new TreeMap<>();
        JsonObject listed = json.object("partials");
        listed.names().forEach(name -> partials.put(name, new Digest(listed.string(name))));
        return new Manifest(
                version,
                json.string("alliance"),
                json.string("session"),
                (int) json.whole("round"),
                new Digest(json.string("model")),
                json.optionalString("parent").map(Digest::new),
                json.objects("inputs").stream().map(Input::of).toList(),
                partials,
                json.string("aggregator"),
                json.string("optimizer"),
                json.object("plan").members(),
                json.optionalString("package").map(Digest::new),
                Long.parseLong(json.string("selectionSeed")),
                json.optionalString("previous").map(Digest::new));
    }

    /** With numbers as a reader finds them, so that what is read equals what was written. */
    private static Map<String, @Nullable Object> asRead(Map<String, @Nullable Object> members) {
        return Json.object(new String(Json.canonical(members), StandardCharsets.UTF_8))
                .members();
    }

    private static void requireKnown(int version) {
        if (version < OLDEST || version > VERSION) {
            throw new JsonException("the manifest has version " + version + ", known are " + OLDEST + " to " + VERSION);
        }
    }

    private Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> digests = new LinkedHashMap<>();
        partials.forEach((combiner, digest) -> digests.put(combiner, digest.hex()));
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("version", version);
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
