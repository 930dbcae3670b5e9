package io.foedus.core.lineage;

import io.foedus.core.models.Digest;
import java.util.List;
import java.util.Optional;

/** Checks manifests in order, oldest first. */
public final class ManifestChain {
    private ManifestChain() {}

    /** Explains the first break of a chain; empty if it holds. The first manifest may begin anywhere. */
    public static Optional<String> firstBreak(List<Manifest> oldestFirst) {
        for (int i = 1; i < oldestFirst.size(); i++) {
            Manifest before = oldestFirst.get(i - 1);
            Manifest manifest = oldestFirst.get(i);
            Digest hash = before.hash();
            String which = "the manifest of round " + manifest.round() + " (model "
                    + manifest.model().brief() + "…)";
            if (!manifest.previous().equals(Optional.of(hash))) {
                return Optional.of(which + " follows a manifest with hash "
                        + manifest.previous().map(Digest::brief).orElse("none") + "…, the one before it has "
                        + hash.brief() + "…");
            }
            if (!manifest.parent().equals(Optional.of(before.model()))) {
                return Optional.of(which + " names a parent that is not the model before it");
            }
        }
        return Optional.empty();
    }
}
