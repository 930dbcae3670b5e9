package io.foedus.controller.rounds.control;

import io.foedus.controller.blobs.Workplace;
import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.models.entity.Model;
import io.foedus.core.aggregation.Aggregator;
import io.foedus.core.aggregation.Aggregators;
import io.foedus.core.aggregation.Contribution;
import io.foedus.core.aggregation.Fold;
import io.foedus.core.aggregation.FoldException;
import io.foedus.core.aggregation.FoldResult;
import io.foedus.core.aggregation.OptimizerStep;
import io.foedus.core.aggregation.PartialRule;
import io.foedus.core.aggregation.ServerOptimizer;
import io.foedus.core.aggregation.ServerOptimizers;
import io.foedus.core.aggregation.Tier;
import io.foedus.core.blobs.BlobStore;
import io.foedus.core.models.Admission;
import io.foedus.core.models.AdmissionResult;
import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelFormat;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Merges partials into the next global model: fold, server optimizer, check, store. Works on files only, without any
 * transaction; what it makes lies in the store under its digest, so doing it twice does no harm.
 *
 * <p>A partial is a sum that is divided and rounded to the model's dtypes here, once. Only where it is a model itself
 * (of a single update, or of a rule that is no sum), the only one of a rule that leaves no step to the root is the
 * aggregate as it stands: such a rule reproduces a single contribution.
 */
@Dependent
public class Reducer {
    @Inject
    BlobStore blobs;

    @Inject
    Workplace workplace;

    @Inject
    ControllerConfig config;

    /**
     * @param progress called now and then while bytes move, from any thread, and between steps; throws to stop the work
     * @throws FoldException if these inputs cannot make a model, for a reason that will not go away
     * @throws IOException for trouble of this machine
     */
    public Reduced run(Reduction reduction, Runnable progress) throws IOException {
        Path work = workplace.folder();
        try (ModelFile base = ModelFile.open(blobs.file(reduction.base()), reduction.format())) {
            ServerOptimizer optimizer = ServerOptimizers.parse(reduction.optimizer());
            long start = System.nanoTime();
            Aggregate aggregate = aggregate(reduction, base, work, progress);
            long foldMillis = (System.nanoTime() - start) / 1_000_000;
            progress.run();
            Path model = aggregate.file();
            String state = null;
            if (!isPlain(optimizer)) {
                model = work.resolve("model");
                Path nextState = work.resolve("state");
                state = step(reduction, optimizer, base, aggregate.file(), model, nextState);
                progress.run();
            }
            Model.File file = keep(model, base, work);
            progress.run();
            return new Reduced(file, state, aggregate.next(), aggregate.notes(), aggregate.rejected(), foldMillis);
        } finally {
            Workplace.delete(work);
        }
    }

    private record Aggregate(Path file, String next, Map<String, String> notes, Map<String, String> rejected) {}

    private Aggregate aggregate(Reduction reduction, ModelFile base, Path work, Runnable progress) throws IOException {
        Aggregator rule = Aggregators.parse(reduction.aggregator());
        if (isAggregateItself(reduction, rule, base)) {
            return new Aggregate(blobs.file(reduction.pieces().get(0).digest()), null, Map.of(), Map.of());
        }
        Path output = work.resolve("aggregate");
        List<Reduction.Piece> pieces = new ArrayList<>(reduction.pieces());
        Map<String, String> rejected = new TreeMap<>();
        while (true) {
            try {
                FoldResult result = fold(reduction, pieces, rule, base, output, progress);
                return new Aggregate(output, result.next().orElse(null), result.notes(), rejected);
            } catch (FoldException e) {
                String culprit = culprit(reduction, e);
                pieces.removeIf(piece -> piece.id().equals(culprit));
                rejected.put(culprit, e.getMessage());
                if (pieces.size() < reduction.least()) {
                    throw new FoldException(pieces.size() + " of at least " + reduction.least() + " updates are left: "
                            + String.join("; ", rejected.values()));
                }
            }
        }
    }

    /** The client without whose update the fold is worth another attempt; a combiner is never left out. */
    private static String culprit(Reduction reduction, FoldException broken) throws FoldException {
        if (reduction.tier() != Tier.CLIENTS || broken.culprit().isEmpty()) {
            throw broken;
        }
        return broken.culprit().get();
    }

    private FoldResult fold(
            Reduction reduction,
            List<Reduction.Piece> pieces,
            Aggregator rule,
            ModelFile base,
            Path output,
            Runnable progress)
            throws IOException {
        List<ModelFile> open = new ArrayList<>();
        try {
            List<Contribution> contributions = new ArrayList<>();
            for (Reduction.Piece piece : pieces) {
                Contribution contribution = new Contribution(
                        piece.id(), open(piece.digest(), piece.format(), base, open), piece.weight(), piece.digest());
                contributions.add(
                        piece.origin().isEmpty()
                                ? contribution
                                : contribution.from(
                                        open(piece.origin().get(), base.format(), base, open), piece.staleness()));
            }
            return Fold.with(rule)
                    .over(reduction.tier())
                    .threads(config.reduce().threads())
                    .to(base.format())
                    .reporting((elements, of) -> progress.run())
                    .run(contributions, Optional.of(base), output);
        } finally {
            for (ModelFile file : open) {
                file.close();
            }
        }
    }

    private boolean isAggregateItself(Reduction reduction, Aggregator rule, ModelFile base) throws IOException {
        Reduction.Piece only = reduction.pieces().get(0);
        if (reduction.pieces().size() > 1
                || reduction.tier() != Tier.PARTIALS
                || only.weight() <= 0
                || rule.partials() == PartialRule.REFUSED
                || !rule.combinerSpec().equals(rule.spec())) {
            return false;
        }
        try (ModelFile partial = ModelFile.openExpecting(only.format(), blobs.file(only.digest()))) {
            return partial.layout().equals(base.layout());
        }
    }

    /** A file whose numbers are cast to the base model's dtypes; sums are read as they are. */
    private ModelFile open(Digest digest, ModelFormat format, ModelFile base, List<ModelFile> open) throws IOException {
        ModelFile file = ModelFile.openExpecting(format, blobs.file(digest)).castTo(base.layout());
        open.add(file);
        return file;
    }

    private String step(
            Reduction reduction, ServerOptimizer optimizer, ModelFile base, Path aggregate, Path model, Path nextState)
            throws IOException {
        Optional<ModelFile> before = Optional.empty();
        if (OptimizerStep.remembers(optimizer) && reduction.optimizerState().isPresent()) {
            before = Optional.of(
                    ModelFile.open(blobs.file(reduction.optimizerState().get())));
        }
        try (ModelFile target = ModelFile.openExpecting(base.format(), aggregate)) {
            OptimizerStep.Result result = new OptimizerStep(optimizer, base, target, before)
                    .run(model, nextState, config.reduce().threads());
            return result.state().isPresent() ? blobs.adopt(nextState).hex() : null;
        } finally {
            if (before.isPresent()) {
                before.get().close();
            }
        }
    }

    private Model.File keep(Path model, ModelFile base, Path work) throws IOException {
        AdmissionResult judged = Admission.to(base.layout())
                .expecting(base.format())
                .withMaxFileBytes(config.limits().modelBytes())
                .judge(model, Optional.empty(), Optional.empty(), Optional.empty());
        if (!(judged instanceof AdmissionResult.Accepted accepted)) {
            throw new FoldException(
                    "the merged model is not acceptable: " + ((AdmissionResult.Rejected) judged).reason());
        }
        if (accepted.cast().isPresent()) {
            throw new FoldException(
                    "the merged model is not acceptable: " + accepted.cast().get());
        }
        try (ModelFile file = ModelFile.openExpecting(base.format(), model)) {
            long size = Files.size(model);
            Digest digest = model.startsWith(work) ? blobs.adopt(model) : accepted.digest();
            return Model.File.of(digest, size, file);
        }
    }

    private static boolean isPlain(ServerOptimizer optimizer) {
        return optimizer.spec().equals("plain");
    }
}
