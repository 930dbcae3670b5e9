package io.foedus.agent.lineage;

import io.foedus.core.lineage.Input;
import io.foedus.core.lineage.Manifest;
import io.foedus.core.lineage.ManifestChain;
import io.foedus.core.models.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Checks all manifests of a folder, parents before children. For one thread. */
public final class LineageCheck {
    private final LineageFolder evidence;
    private final PublicKey key;
    private final Recomputation recomputation;
    private final Map<Digest, List<SignedManifest>> byModel = new HashMap<>();

    /**
     * Prepares a check.
     *
     * @param key the key that is trusted
     * @param scratch an empty folder for what is computed again
     */
    public LineageCheck(LineageFolder evidence, PublicKey key, Path scratch) {
        this.evidence = evidence;
        this.key = key;
        this.recomputation = new Recomputation(evidence, scratch);
        evidence.manifests()
                .forEach(signed -> byModel.computeIfAbsent(signed.manifest().model(), m -> new ArrayList<>())
                        .add(signed));
    }

    /** One finding per manifest. */
    public List<Finding> run() throws IOException {
        List<Finding> findings = new ArrayList<>();
        Set<SignedManifest> done = new HashSet<>();
        for (SignedManifest signed : evidence.manifests()) {
            for (SignedManifest next : withAncestors(signed, done)) {
                findings.add(check(next));
            }
        }
        return findings;
    }

    /** It and its ancestors that are not done yet, oldest first. */
    private List<SignedManifest> withAncestors(SignedManifest signed, Set<SignedManifest> done) {
        List<SignedManifest> line = new ArrayList<>();
        Optional<SignedManifest> next = Optional.of(signed);
        while (next.isPresent() && done.add(next.get())) {
            line.add(0, next.get());
            next = next.get()
                    .manifest()
                    .parent()
                    .flatMap(p -> byModel.getOrDefault(p, List.of()).stream().findFirst());
        }
        return line;
    }

    private Finding check(SignedManifest signed) throws IOException {
        Manifest manifest = signed.manifest();
        Recomputation.Outcome outcome = recomputation.of(manifest);
        return new Finding(
                manifest.model(),
                manifest.round(),
                signed.isSignedBy(key),
                chainBreak(manifest),
                uncounted(manifest),
                evidence.find(manifest.model()).isPresent(),
                outcome.again(),
                outcome.note());
    }

    private static Optional<String> uncounted(Manifest manifest) {
        List<Input> uncounted = manifest.uncounted();
        return uncounted.isEmpty()
                ? Optional.empty()
                : Optional.of("it names " + uncounted.size() + " of its "
                        + manifest.inputs().size() + " inputs although they were not counted: "
                        + uncounted.stream()
                                .map(input -> "client " + input.client() + " at combiner " + input.combiner())
                                .collect(Collectors.joining(", "))
                        + "; the model was made of the other "
                        + manifest.counted().size() + " alone");
    }

    private Optional<String> chainBreak(Manifest manifest) {
        List<SignedManifest> parents =
                manifest.parent().map(p -> byModel.getOrDefault(p, List.of())).orElse(List.of());
        if (parents.isEmpty()) {
            return manifest.previous().map(hash -> "the manifest that it follows (" + hash.brief() + "…) is missing");
        }
        List<Optional<String>> breaks = parents.stream()
                .map(parent -> ManifestChain.firstBreak(List.of(parent.manifest(), manifest)))
                .toList();
        return breaks.stream().anyMatch(Optional::isEmpty) ? Optional.empty() : breaks.get(0);
    }
}
