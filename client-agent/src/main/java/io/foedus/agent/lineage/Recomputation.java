package io.foedus.agent.lineage;

import io.foedus.agent.lineage.Finding.Again;
import io.foedus.core.aggregation.Aggregator;
import io.foedus.core.aggregation.Aggregators;
import io.foedus.core.aggregation.Contribution;
import io.foedus.core.aggregation.Fold;
import io.foedus.core.aggregation.FoldException;
import io.foedus.core.aggregation.FoldResult;
import io.foedus.core.aggregation.OptimizerStep;
import io.foedus.core.aggregation.PrivateMean;
import io.foedus.core.aggregation.ServerOptimizer;
import io.foedus.core.aggregation.ServerOptimizers;
import io.foedus.core.aggregation.Tier;
import io.foedus.core.lineage.Input;
import io.foedus.core.lineage.Manifest;
import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelFormat;
import io.foedus.core.models.ModelFormats;
import io.foedus.core.models.ReadLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes a model again from what its manifest names, without inputs that cannot have been counted: each combiner's fold,
 * the reducer's fold, the server optimizer. What an optimizer remembers is carried from round to round of a session, so
 * parents come first. For one thread.
 */
final class Recomputation {
    private final LineageFolder evidence;
    private final Path scratch;
    private final Map<Digest, Path> optimizerStates = new HashMap<>();
    private final List<Path> temporary = new ArrayList<>();
    private int files;

    Recomputation(LineageFolder evidence, Path scratch) {
        this.evidence = evidence;
        this.scratch = scratch;
    }

    /** What came of it, and why. */
    record Outcome(Again again, String note) {}

    /** A piece of evidence is missing. */
    private static final class NotKept extends Exception {
        NotKept(String what) {
            super(what);
        }
    }

    Outcome of(Manifest manifest) throws IOException {
        if (Aggregators.parse(manifest.aggregator()) instanceof PrivateMean dp && dp.noise() > 0) {
            return new Outcome(Again.NOT_POSSIBLE, "its noise was fresh");
        }
        try (ModelFile base = named(kept("the parent", manifest.parent().orElseThrow(() -> new NotKept("a seed"))))) {
            Path aggregate = aggregate(manifest, base);
            Digest made = Digest.of(optimized(manifest, base, aggregate));
            return made.equals(manifest.model())
                    ? new Outcome(Again.SAME, "")
                    : new Outcome(Again.DIFFERS, "the inputs make " + made.brief() + "…");
        } catch (NotKept e) {
            return new Outcome(Again.NOT_KEPT, e.getMessage() + " is not among the files");
        } catch (FoldException e) {
            return new Outcome(Again.DIFFERS, "the inputs cannot be folded: " + e.getMessage());
        } finally {
            for (Path file : temporary) {
                Files.deleteIfExists(file);
            }
            temporary.clear();
        }
    }

    private Path aggregate(Manifest manifest, ModelFile base) throws IOException, NotKept {
        Map<String, List<Input>> byCombiner = new TreeMap<>();
        manifest.counted()
                .forEach(input -> byCombiner
                        .computeIfAbsent(input.combiner(), c -> new ArrayList<>())
                        .add(input));
        Aggregator rule = Aggregators.parse(manifest.aggregator());
        if (manifest.partials().isEmpty()) {
            return fold(Fold.with(rule), updates(manifest.inputs(), base), base, Optional.of(base))
                    .file();
        }
        Aggregator ofCombiners = Aggregators.parse(rule.combinerSpec());
        List<Piece> pieces = new ArrayList<>();
        for (Map.Entry<String, List<Input>> share : byCombiner.entrySet()) {
            Made partial = partial(
                    ofCombiners,
                    share.getKey(),
                    updates(share.getValue(), base),
                    base,
                    Objects.requireNonNull(manifest.partials().get(share.getKey())));
            pieces.add(new Piece(
                    share.getKey(),
                    partial.file(),
                    partial.format(),
                    share.getValue().stream().mapToDouble(Input::weight).sum(),
                    0,
                    Optional.empty()));
        }
        return pieces.size() == 1 && rule.combinerSpec().equals(rule.spec()) && isModel(pieces.get(0), base)
                ? pieces.get(0).file()
                : fold(Fold.with(rule).over(Tier.PARTIALS), pieces, base, Optional.of(base))
                        .file();
    }

    /** A combiner's partial, as combiners make them or, if that is another one, as they once did: as a model. */
    private Made partial(Aggregator rule, String combiner, List<Piece> updates, ModelFile base, Digest expected)
            throws IOException {
        Optional<ModelFile> needed = rule.needsBase() ? Optional.of(base) : Optional.empty();
        Made partial = fold(Fold.with(rule).toPartial(), updates, base, needed);
        if (partial.digest().equals(expected)) {
            return partial;
        }
        Made model = fold(Fold.with(rule), updates, base, needed);
        if (model.digest().equals(expected)) {
            return model;
        }
        throw new FoldException("the partial of combiner " + combiner + " becomes "
                + partial.digest().brief() + "…, the manifest names " + expected.brief() + "…");
    }

    private static boolean isModel(Piece partial, ModelFile base) throws IOException {
        try (ModelFile file = ModelFile.openExpecting(partial.format(), partial.file())) {
            return file.layout().equals(base.layout());
        }
    }

    /** What a fold made. */
    private record Made(Path file, ModelFormat format, Digest digest) {}

    /** Something to fold; an update may have started from an older model than the parent. */
    private record Piece(
            String id, Path file, ModelFormat format, double weight, int staleness, Optional<Path> origin) {}

    private List<Piece> updates(List<Input> inputs, ModelFile base) throws NotKept {
        List<Piece> pieces = new ArrayList<>();
        for (Input input : inputs) {
            Optional<Path> origin = input.origin().isEmpty()
                    ? Optional.empty()
                    : Optional.of(kept(
                            "the model that client " + input.client() + " started from",
                            input.origin().get()));
            pieces.add(new Piece(
                    input.client(),
                    kept("the update of client " + input.client(), input.digest()),
                    base.format(),
                    input.examples(),
                    input.staleness(),
                    origin));
        }
        return pieces;
    }

    private Made fold(Fold fold, List<Piece> pieces, ModelFile pattern, Optional<ModelFile> base) throws IOException {
        List<ModelFile> open = new ArrayList<>();
        try {
            List<Contribution> contributions = new ArrayList<>();
            for (Piece piece : pieces) {
                ModelFile file =
                        ModelFile.openExpecting(piece.format(), piece.file()).castTo(pattern.layout());
                open.add(file);
                Contribution contribution = new Contribution(piece.id(), file, piece.weight());
                if (piece.origin().isPresent()) {
                    ModelFile older = ModelFile.open(piece.origin().get());
                    open.add(older);
                    contribution = contribution.from(older, piece.staleness());
                }
                contributions.add(contribution);
            }
            Path output = next("fold");
            FoldResult result = fold.to(pattern.format()).run(contributions, base, output);
            return new Made(output, result.format(), result.digest());
        } finally {
            for (ModelFile file : open) {
                file.close();
            }
        }
    }

    private Path optimized(Manifest manifest, ModelFile base, Path aggregate) throws IOException, NotKept {
        ServerOptimizer optimizer = ServerOptimizers.parse(manifest.optimizer());
        if (optimizer.spec().equals("plain")) {
            return aggregate;
        }
        Path model = next("model");
        Path state = scratch.resolve("state-" + manifest.model().hex());
        try (ModelFile target = ModelFile.openExpecting(base.format(), aggregate)) {
            Optional<ModelFile> before = Optional.empty();
            if (OptimizerStep.remembers(optimizer) && manifest.round() > 1) {
                before = Optional.of(ModelFile.open(stateAfter(manifest.parent().orElseThrow())));
            }
            try {
                new OptimizerStep(optimizer, base, target, before).run(model, state, 1);
            } finally {
                if (before.isPresent()) {
                    before.get().close();
                }
            }
        }
        optimizerStates.put(manifest.model(), state);
        return model;
    }

    private Path stateAfter(Digest parent) throws NotKept {
        Path state = optimizerStates.get(parent);
        if (state == null) {
            throw new NotKept("what the optimizer remembered after the parent");
        }
        return state;
    }

    private Path kept(String what, Digest digest) throws NotKept {
        return evidence.find(digest).orElseThrow(() -> new NotKept(what + " (" + digest.brief() + "…)"));
    }

    /** Opens a file whose name ends with its format where that has no mark. */
    private static ModelFile named(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        String end = name.substring(name.lastIndexOf('.') + 1);
        Optional<ModelFormat> unmarked = ModelFormats.all().stream()
                .filter(format -> !format.hasMark() && format.id().equals(end))
                .findFirst();
        return ModelFile.open(file, unmarked, ReadLimits.DEFAULT);
    }

    private Path next(String kind) {
        Path file = scratch.resolve(kind + "-" + files++);
        temporary.add(file);
        return file;
    }
}
