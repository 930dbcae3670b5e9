package io.foedus.core.aggregation;

import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelFormat;
import io.foedus.core.models.ModelFormats;
import io.foedus.core.models.ModelLayout;
import io.foedus.core.models.ModelWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Walks blocks of aligned slices, hands each to an aggregator's kernel, writes the result once.
 *
 * <p>Heap: about 1 MiB per thread for a mean, and one block of every contribution per thread (at most 16 MiB) for rules
 * that need all values at once; blocks shrink as contributions grow in number. Blocks until done; starts {@code threads
 * - 1} threads for its own duration. The output appears under its name complete or not at all; it is not forced to
 * disk, which is the business of whoever keeps it.
 *
 * @param aggregator the rule
 * @param tier whose results are combined
 * @param threads how many threads work, at least 1
 * @param format of the output; empty means that of the base model, or else of the first contribution
 * @param noiseSeed what noise is made of, for rules that add some; empty means fresh noise that nobody can repeat
 * @param partial whether the result is for a fold over partials: of a rule that is a sum, the sum then, undivided and
 *     with the precision of a double, as npz
 * @param progress told the number of elements done, from any thread
 */
public record Fold(
        Aggregator aggregator,
        Tier tier,
        int threads,
        Optional<ModelFormat> format,
        Optional<NoiseSeed> noiseSeed,
        boolean partial,
        Progress progress) {
    /** Hears how far a fold is. Called from several threads. */
    @FunctionalInterface
    public interface Progress {
        Progress NONE = (elements, of) -> {};

        /**
         * Says that some more is done.
         *
         * @param elements newly done elements, passes included
         * @param of elements of the model
         */
        void advanced(long elements, long of);
    }

    public Fold {
        if (threads < 1) {
            throw new IllegalArgumentException("a fold needs at least one thread, not " + threads);
        }
    }

    /** A fold over clients' updates on one thread. */
    public static Fold with(Aggregator aggregator) {
        return new Fold(aggregator, Tier.CLIENTS, 1, Optional.empty(), Optional.empty(), false, Progress.NONE);
    }

    public Fold over(Tier otherTier) {
        return new Fold(aggregator, otherTier, threads, format, noiseSeed, partial, progress);
    }

    public Fold threads(int count) {
        return new Fold(aggregator, tier, count, format, noiseSeed, partial, progress);
    }

    public Fold to(ModelFormat outputFormat) {
        return new Fold(aggregator, tier, threads, Optional.of(outputFormat), noiseSeed, partial, progress);
    }

    /** The same with noise that can be made again by whoever holds the seed. */
    public Fold seeded(NoiseSeed seed) {
        return new Fold(aggregator, tier, threads, format, Optional.of(seed), partial, progress);
    }

    /** The same for a combiner: what it makes is to be folded once more. */
    public Fold toPartial() {
        return new Fold(aggregator, tier, threads, format, noiseSeed, true, progress);
    }

    public Fold reporting(Progress listener) {
        return new Fold(aggregator, tier, threads, format, noiseSeed, partial, listener);
    }

    /** Folds without a base model. */
    public FoldResult run(List<Contribution> contributions, Path output) throws IOException {
        return run(contributions, Optional.empty(), output);
    }

    /**
     * Folds.
     *
     * @param contributions in any order; those of weight 0 have nothing behind them and are left out
     * @param base the current global model, for rules that work on differences to it
     * @param output the file to make or replace
     * @throws FoldException if the fold must not be done: nothing to fold, layouts that differ, a digest that does not
     *     match, a rule that cannot be applied, a result that overflows; of the last it names the culprit
     */
    public FoldResult run(List<Contribution> contributions, Optional<ModelFile> base, Path output) throws IOException {
        List<Contribution> ordered = ordered(contributions);
        checkRule(ordered, base);
        FoldInputs inputs = FoldInputs.of(aggregator, tier, ordered, base);
        FoldRun run = new FoldRun(this, inputs);
        Prepared prepared;
        try {
            prepared = aggregator.prepare(run);
        } catch (IllegalArgumentException e) {
            throw new FoldException(Optional.ofNullable(e.getMessage()).orElse("the rule cannot be applied"));
        }
        Path part = output.resolveSibling("." + output.getFileName() + ".part");
        ModelFile pattern = base.orElse(ordered.get(0).model());
        Optional<Sum> sum = partial ? prepared.sum() : Optional.empty();
        ModelFormat outputFormat = sum.isPresent() ? ModelFormats.byId("npz") : format.orElse(pattern.format());
        ModelLayout layout = sum.isPresent() ? inputs.partial().layout() : inputs.layout();
        Map<String, String> metadata = outputFormat.keepsMetadata() ? pattern.metadata() : Map.of();
        Digest digest;
        try (ModelWriter writer = ModelWriter.create(part, outputFormat, layout, metadata)) {
            digest = run.write(prepared, sum, writer);
        }
        Files.move(part, output, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        return new FoldResult(
                digest,
                Files.size(output),
                inputs.layout().elements(),
                outputFormat,
                sum.isPresent(),
                prepared.weight(),
                ordered.stream().map(Contribution::id).toList(),
                prepared.notes(),
                prepared.next());
    }

    private static List<Contribution> ordered(List<Contribution> contributions) throws FoldException {
        Set<String> ids = new HashSet<>();
        for (Contribution contribution : contributions) {
            if (!ids.add(contribution.id())) {
                throw new FoldException("two contributions are named '" + contribution.id() + "'");
            }
        }
        List<Contribution> ordered = contributions.stream()
                .filter(contribution -> contribution.weight() > 0)
                .sorted(Comparator.comparing(Contribution::id))
                .toList();
        if (ordered.isEmpty()) {
            throw new FoldException("there is nothing to fold: no contribution has a positive weight");
        }
        return ordered;
    }

    private void checkRule(List<Contribution> ordered, Optional<ModelFile> base) throws FoldException {
        if (tier == Tier.PARTIALS && aggregator.partials() == PartialRule.REFUSED) {
            throw new FoldException(aggregator.spec() + " cannot combine partials: it must see every client's update");
        }
        if (ordered.size() < aggregator.minimum()) {
            throw new FoldException(aggregator.spec() + " needs at least " + aggregator.minimum()
                    + " contributions, there are " + ordered.size());
        }
        if (aggregator.needsBase() && base.isEmpty()) {
            throw new FoldException(aggregator.spec() + " works on differences to the global model and needs it");
        }
    }

    /** Elements of a block: fewer when there are many contributions, so that a block of all of them stays small. */
    static int blockElements(int contributions) {
        int fit = Integer.highestOneBit(Math.max(1, (1 << 21) / contributions));
        return Math.min(8192, Math.max(64, fit));
    }
}
