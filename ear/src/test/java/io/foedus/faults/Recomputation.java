package io.foedus.faults;

import io.foedus.core.aggregation.Aggregators;
import io.foedus.core.aggregation.Contribution;
import io.foedus.core.aggregation.Fold;
import io.foedus.core.aggregation.Tier;
import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFile;
import io.foedus.federation.Models;
import io.foedus.launcher.processes.Directories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Computes a model again from the files it was made of, in two ways: with the project's fold, for the very same bytes,
 * and with a few lines of arithmetic that know nothing of it, for the numbers. Used by one thread.
 */
final class Recomputation {
    private final Path blobs;
    private final Path scratch;
    private final Map<Digest, Path> others = new HashMap<>();
    private int folds;

    /**
     * A file and what it counts.
     *
     * @param id of the client or the combiner
     * @param weight examples behind it
     */
    record Piece(String id, Digest digest, double weight) {}

    /** @param blobs the controller's blob directory */
    Recomputation(Path blobs, Path scratch) {
        this.blobs = blobs;
        this.scratch = scratch;
    }

    /** A file that stands for a blob which the controller does not keep. */
    void add(Path file) {
        try {
            others.put(Digest.of(file), file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes what was computed. */
    void forget() {
        Directories.delete(scratch);
    }

    private Path file(Digest digest) {
        Path blob = blob(digest);
        return Files.exists(blob) ? blob : others.getOrDefault(digest, blob);
    }

    /** The blob of a digest. */
    Path blob(Digest digest) {
        return blobs.resolve(digest.hex().substring(0, 2)).resolve(digest.hex());
    }

    /** What is wrong with a file: it is missing, or its bytes have another SHA-256. */
    Optional<String> fault(Digest digest) {
        try {
            if (!Files.exists(file(digest))) {
                return Optional.of("the blob " + digest.brief() + " is missing");
            }
            Digest found = Digest.of(file(digest));
            return found.equals(digest)
                    ? Optional.empty()
                    : Optional.of("the blob " + digest.brief() + " has the SHA-256 " + found.brief());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The digest of what a combiner makes of updates, or the reducer of partials; it may be folded further. */
    Digest fold(String aggregator, Tier tier, List<Piece> pieces, Digest base) {
        List<ModelFile> open = new ArrayList<>();
        try (ModelFile model = ModelFile.open(file(base))) {
            List<Contribution> contributions = new ArrayList<>();
            for (Piece piece : pieces) {
                ModelFile file = ModelFile.open(file(piece.digest()));
                open.add(file);
                contributions.add(new Contribution(piece.id(), file, piece.weight(), piece.digest()));
            }
            Files.createDirectories(scratch);
            Path folded = scratch.resolve("folded-" + folds++);
            Fold fold = Fold.with(Aggregators.parse(aggregator)).over(tier).to(model.format());
            Digest digest = (tier == Tier.CLIENTS ? fold.toPartial() : fold)
                    .run(contributions, Optional.of(model), folded)
                    .digest();
            others.put(digest, folded);
            return digest;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            open.forEach(Recomputation::close);
        }
    }

    /**
     * By how much a model differs, at most, in any value, from what a rule makes of updates.
     *
     * @param updates those of each combiner
     */
    double distance(Digest model, Rule rule, List<List<Piece>> updates) {
        double[] found = Models.read(file(model));
        List<double[]> partials = updates.stream()
                .map(pieces -> rule.of(
                        pieces.stream()
                                .map(piece -> Models.read(file(piece.digest())))
                                .toList(),
                        pieces.stream().mapToDouble(Piece::weight).toArray()))
                .toList();
        double[] weights = updates.stream()
                .mapToDouble(
                        pieces -> pieces.stream().mapToDouble(Piece::weight).sum())
                .toArray();
        double[] expected = rule.of(partials, weights);
        double most = 0;
        for (int i = 0; i < found.length; i++) {
            most = Math.max(most, Math.abs(found[i] - expected[i]));
        }
        return most;
    }

    private static void close(ModelFile file) {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
