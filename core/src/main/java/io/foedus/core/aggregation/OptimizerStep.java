package io.foedus.core.aggregation;

import io.foedus.core.models.DType;
import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelFormat;
import io.foedus.core.models.ModelFormats;
import io.foedus.core.models.ModelLayout;
import io.foedus.core.models.ModelWriter;
import io.foedus.core.models.SliceBuffer;
import io.foedus.core.models.TensorReader;
import io.foedus.core.models.TensorSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Applies a server optimizer to files, block by block, on the calling thread. Tensors that are not floating are taken
 * from the aggregate as they are.
 *
 * <p>What an optimizer remembers is a model file of its own (npz, a tensor {@code slot.name} for every slot and
 * floating tensor, float32 or the tensor's own float64), so it survives a restart like any other blob.
 */
public final class OptimizerStep {
    private static final int BLOCK = 8192;

    private final ServerOptimizer optimizer;
    private final ModelFile current;
    private final ModelFile aggregate;
    private final Optional<ModelFile> state;
    private final SliceBuffer buffer = new SliceBuffer();
    private final double[] now = new double[BLOCK];
    private final double[] next = new double[BLOCK];
    private final double[][] slots;

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
        this.slots = new double[optimizer.slots().size()][BLOCK];
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
     */
    public Result run(Path model, Path nextState) throws IOException {
        try (ModelWriter out = ModelWriter.create(model, current.format(), current.layout(), current.metadata())) {
            if (slots.length == 0) {
                walk(out, Optional.empty());
                return new Result(out.finish(), Optional.empty());
            }
            ModelFormat npz = ModelFormats.byId("npz");
            try (ModelWriter stateOut = ModelWriter.create(nextState, npz, stateLayout())) {
                walk(out, Optional.of(stateOut));
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

    private void walk(ModelWriter out, Optional<ModelWriter> stateOut) throws IOException {
        ModelWriter.Slices slices = out.slices();
        Optional<ModelWriter.Slices> stateSlices = stateOut.map(ModelWriter::slices);
        int stateIndex = 0;
        for (int tensor = 0; tensor < current.layout().tensors().size(); tensor++) {
            if (current.layout().tensors().get(tensor).dtype().floating()) {
                step(tensor, stateIndex, slices, stateSlices);
                stateIndex += slots.length;
            } else {
                copy(tensor, slices);
            }
        }
    }

    private void step(int tensor, int stateIndex, ModelWriter.Slices out, Optional<ModelWriter.Slices> stateOut)
            throws IOException {
        long elements = current.layout().tensors().get(tensor).elements();
        List<TensorReader> memory = new ArrayList<>();
        try (TensorReader before = current.reader(tensor, buffer);
                TensorReader target = aggregate.reader(tensor, buffer)) {
            for (int slot = 0; slot < slots.length; slot++) {
                if (state.isPresent()) {
                    memory.add(state.get().reader(stateIndex + slot, buffer));
                }
            }
            for (long first = 0; first < elements; first += BLOCK) {
                int count = (int) Math.min(BLOCK, elements - first);
                before.read(first, now, 0, count);
                target.read(first, next, 0, count);
                for (int slot = 0; slot < slots.length; slot++) {
                    if (memory.isEmpty()) {
                        Arrays.fill(
                                slots[slot],
                                0,
                                count,
                                optimizer.initial(optimizer.slots().get(slot)));
                    } else {
                        memory.get(slot).read(first, slots[slot], 0, count);
                    }
                }
                optimizer.step(now, next, slots, count);
                out.write(tensor, first, next, 0, count);
                for (int slot = 0; slot < slots.length; slot++) {
                    stateOut.orElseThrow().write(stateIndex + slot, first, slots[slot], 0, count);
                }
            }
        } finally {
            memory.forEach(TensorReader::close);
        }
    }

    private void copy(int tensor, ModelWriter.Slices out) throws IOException {
        long elements = current.layout().tensors().get(tensor).elements();
        try (TensorReader reader = aggregate.reader(tensor, buffer)) {
            for (long first = 0; first < elements; ) {
                int count = (int) Math.min(reader.bytesAtATime(), elements - first);
                out.writeBytes(tensor, first, reader.bytes(first, count));
                first += count;
            }
        }
    }
}
