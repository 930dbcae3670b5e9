package io.foedus.core.aggregation;

import io.foedus.core.aggregation.Chunks.Chunk;
import io.foedus.core.models.DType;
import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelFormat;
import io.foedus.core.models.ModelFormats;
import io.foedus.core.models.ModelLayout;
import io.foedus.core.models.ModelWriter;
import io.foedus.core.models.TensorSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Applies a server optimizer to files, block by block, on several threads: the bytes do not depend on how many. Tensors
 * that are not floating are taken from the aggregate as they are.
 *
 * <p>What an optimizer remembers is a model file of its own (npz, a tensor {@code slot.name} for every slot and
 * floating tensor, float32 or the tensor's own float64), so it survives a restart like any other blob.
 */
public final class OptimizerStep {
    private final ServerOptimizer optimizer;
    private final ModelFile current;
    private final ModelFile aggregate;
    private final Optional<ModelFile> state;

    /**
     * What a step made.
     *
     * @param model SHA-256 of the next global model
     * @param state SHA-256 of the optimizer's state; empty for a rule without memory
     */
    public record Result(Digest model, Optional<Digest> state) {}

    /**
     * Prepares a step.
     *
     * @param state what the step before left; empty at the first one
     * @throws FoldException if the layouts do not fit, or the state is not this optimizer's
     */
    public OptimizerStep(ServerOptimizer optimizer, ModelFile current, ModelFile aggregate, Optional<ModelFile> state)
            throws FoldException {
        this.optimizer = optimizer;
        this.current = current;
        this.aggregate = aggregate;
        this.state = state;
        refuse("the aggregate", current.layout().firstDifference(aggregate.layout()));
        if (state.isPresent()) {
            refuse(
                    "the optimizer's state",
                    stateLayout().firstDifference(state.get().layout()));
        }
    }

    private static void refuse(String what, Optional<String> difference) throws FoldException {
        if (difference.isPresent()) {
            throw new FoldException(what + " does not fit the global model: " + difference.get());
        }
    }

    /** Whether {@link #run} makes a state file. */
    public static boolean remembers(ServerOptimizer optimizer) {
        return !optimizer.slots().isEmpty();
    }

    /**
     * Writes the next global model and, for a rule with memory, its state. Both are forced to disk.
     *
     * @param model where the next global model goes, in the format of the current one
     * @param nextState where the state goes; not touched by a rule without memory
     * @param threads how many threads work, at least 1
     */
    public Result run(Path model, Path nextState, int threads) throws IOException {
        try (ModelWriter out = ModelWriter.create(model, current.format(), current.layout(), current.metadata())) {
            if (!remembers(optimizer)) {
                walk(out, Optional.empty(), threads);
                return new Result(out.finish(), Optional.empty());
            }
            ModelFormat npz = ModelFormats.byId("npz");
            try (ModelWriter stateOut = ModelWriter.create(nextState, npz, stateLayout())) {
                walk(out, Optional.of(stateOut), threads);
                return new Result(out.finish(), Optional.of(stateOut.finish()));
            }
        }
    }

    private ModelLayout stateLayout() {
        List<TensorSpec> specs = new ArrayList<>();
        for (TensorSpec tensor : current.layout().tensors()) {
            if (tensor.dtype().floating()) {
                DType dtype = tensor.dtype() == DType.F64 ? DType.F64 : DType.F32;
                for (String slot : optimizer.slots()) {
                    specs.add(new TensorSpec(slot + "." + tensor.name(), dtype, tensor.shape()));
                }
            }
        }
        return new ModelLayout(specs);
    }

    private void walk(ModelWriter out, Optional<ModelWriter> stateOut, int threads) throws IOException {
        List<TensorSpec> tensors = current.layout().tensors();
        int[] firstSlots = new int[tensors.size()];
        for (int i = 1; i < firstSlots.length; i++) {
            firstSlots[i] = firstSlots[i - 1]
                    + (tensors.get(i - 1).dtype().floating() ? optimizer.slots().size() : 0);
        }
        Iterator<List<Chunk>> lanes =
                Chunks.of(current.layout(), List.of(current, aggregate)).lanes().iterator();
        Workers.Tasks<OptimizerDesk> tasks = () -> {
            List<Chunk> lane = lanes.hasNext() ? lanes.next() : List.of();
            return lane.isEmpty()
                    ? null
                    : desk -> {
                        for (Chunk chunk : lane) {
                            if (tensors.get(chunk.tensor()).dtype().floating()) {
                                desk.step(chunk, firstSlots[chunk.tensor()]);
                            } else {
                                desk.copy(chunk);
                            }
                        }
                    };
        };
        OptimizerDesk.Files files = new OptimizerDesk.Files(current, aggregate, state);
        Workers.forModel(current.layout(), threads)
                .run(tasks, () -> new OptimizerDesk(optimizer, files, out.slices(), stateOut.map(ModelWriter::slices)));
    }
}
