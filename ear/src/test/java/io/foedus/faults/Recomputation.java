package io.foedus.faults;

import io.foedus.core.aggregation.Aggregators;
import io.foedus.core.aggregation.Contribution;
import io.foedus.core.aggregation.Fold;
import io.foedus.core.aggregation.Tier;
import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFile;
import io.foedus.federation.Models;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Computes a model again from the files it was made of, in two ways: with the project's fold, for the very same bytes,
 * and with a few lines of arithmetic that know nothing of it, for the numbers. Used by one thread.
 */
final class Recomputation {
    private final Path blobs;
    private final Path scratch;

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

    /** The blob of a digest. */
    Path blob(Digest digest) {
        return blobs.resolve(digest.hex().substring(0, 2)).resolve(digest.hex());
    }

    /** What is wrong with a blob: it is missing, or its bytes have another SHA-256. */
    Optional<String> fault(Digest digest) {
        try {
            if (!Files.exists(blob(digest))) {
                return Optional.of("the blob " + digest.brief() + " is missing");
            }
            Digest found = Digest.of(blob(digest));
            return found.equals(digest)
                    ? Optional.empty()
                    : Optional.of("the blob " + digest.brief() + " has the SHA-256 " + found.brief());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The digest of the fold of some files. */
    Digest fold(String aggregator, Tier tier, List<Piece> pieces, Digest base) {
        List<ModelFile> open = new ArrayList<>();
        try (ModelFile model = ModelFile.open(blob(base))) {
            List<Contribution> contributions = new ArrayList<>();
            for (Piece piece : pieces) {
                ModelFile file = ModelFile.open(blob(piece.digest()));
                open.add(file);
                contributions.add(new Contribution(piece.id(), file, piece.weight(), piece.digest()));
            }
            Files.createDirectories(scratch);
            return Fold.with(Aggregators.parse(aggregator))
                    .over(tier)
                    .to(model.format())
                    .run(contributions, Optional.of(model), scratch.resolve("recomputed"))
                    .digest();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            open.forEach(Recomputation::close);
        }
    }

    /** By how much a model differs from the weighted mean of some files, at most, in any value. */
    double distanceToMean(Digest model, List<Piece> pieces) {
        double[] found = Models.read(blob(model));
        double[] sum = new double[found.length];
        double weight = 0;
        for (Piece piece : pieces) {
            double[] values = Models.read(blob(piece.digest()));
            for (int i = 0; i < sum.length; i++) {
                sum[i] += piece.weight() * values[i];
            }
            weight += piece.weight();
        }
        double most = 0;
        for (int i = 0; i < sum.length; i++) {
            most = Math.max(most, Math.abs(found[i] - sum[i] / weight));
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
