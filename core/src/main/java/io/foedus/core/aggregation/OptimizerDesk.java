package io.foedus.core.aggregation;

import io.foedus.core.aggregation.Chunks.Chunk;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelWriter;
import io.foedus.core.models.SliceBuffer;
import io.foedus.core.models.TensorReader;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The place of one thread that applies a server optimizer to pieces of a model. */
final class OptimizerDesk implements Closeable {
    private static final int BLOCK = 8192;

    /** The files of a step. */
    record Files(ModelFile current, ModelFile aggregate, Optional<ModelFile> state) {}

    private final ServerOptimizer optimizer;
    private final Files files;
    private final ModelWriter.Slices out;
    private final Optional<ModelWriter.Slices> stateOut;
    private final SliceBuffer buffer = new SliceBuffer();
    private final double[] now = new double[BLOCK];
    private final double[] next = new double[BLOCK];
    private final double[][] slots;
    private final List<TensorReader> open = new ArrayList<>();
    private int tensor = -1;

    OptimizerDesk(
            ServerOptimizer optimizer, Files files, ModelWriter.Slices out, Optional<ModelWriter.Slices> stateOut) {
        this.optimizer = optimizer;
        this.files = files;
        this.out = out;
        this.stateOut = stateOut;
        this.slots = new double[optimizer.slots().size()][BLOCK];
    }

    /** Takes a piece of the aggregate as it is. */
    void copy(Chunk chunk) throws IOException {
        TensorReader reader = readers(chunk.tensor(), 0).get(0);
        for (int done = 0; done < chunk.elements(); ) {
            int count = Math.min(reader.bytesAtATime(), chunk.elements() - done);
            out.writeBytes(chunk.tensor(), chunk.first() + done, reader.bytes(chunk.first() + done, count));
            done += count;
        }
    }

    /** @param firstSlot place of the tensor's first slot in the state's layout */
    void step(Chunk chunk, int firstSlot) throws IOException {
        List<TensorReader> readers = readers(chunk.tensor(), firstSlot);
        for (int done = 0; done < chunk.elements(); done += BLOCK) {
            step(readers, chunk.tensor(), firstSlot, chunk.first() + done, Math.min(BLOCK, chunk.elements() - done));
        }
    }

    private void step(List<TensorReader> readers, int index, int firstSlot, long first, int count) throws IOException {
        readers.get(0).read(first, next, 0, count);
        readers.get(1).read(first, now, 0, count);
        for (int slot = 0; slot < slots.length; slot++) {
            if (files.state.isPresent()) {
                readers.get(2 + slot).read(first, slots[slot], 0, count);
            } else {
                Arrays.fill(
                        slots[slot],
                        0,
                        count,
                        optimizer.initial(optimizer.slots().get(slot)));
            }
        }
        optimizer.step(now, next, slots, count);
        out.write(index, first, next, 0, count);
        for (int slot = 0; slot < slots.length; slot++) {
            stateOut.orElseThrow().write(firstSlot + slot, first, slots[slot], 0, count);
        }
    }

    /** The aggregate's reader; for a floating tensor the current model's and the slots' after it. */
    private List<TensorReader> readers(int wanted, int firstSlot) throws IOException {
        if (wanted != tensor) {
            close();
            tensor = wanted;
            open.add(files.aggregate.reader(wanted, buffer));
            if (open.get(0).spec().dtype().floating()) {
                open.add(files.current.reader(wanted, buffer));
                for (int slot = 0; slot < slots.length && files.state.isPresent(); slot++) {
                    open.add(files.state.get().reader(firstSlot + slot, buffer));
                }
            }
        }
        return open;
    }

    @Override
    public void close() {
        open.forEach(TensorReader::close);
        open.clear();
    }
}
