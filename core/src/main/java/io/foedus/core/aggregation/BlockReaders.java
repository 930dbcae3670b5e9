package io.foedus.core.aggregation;

import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelWriter;
import io.foedus.core.models.SliceBuffer;
import io.foedus.core.models.TensorReader;
import io.foedus.core.models.TensorSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The readers of one tensor in every contribution: a {@link Block} that moves along. */
final class BlockReaders implements Block, AutoCloseable {
    private final TensorSpec tensor;
    private final List<TensorReader> readers = new ArrayList<>();
    private final Optional<TensorReader> base;
    private long first;
    private int length;

    BlockReaders(List<Contribution> contributions, Optional<ModelFile> baseModel, int index, SliceBuffer buffer)
            throws IOException {
        for (Contribution contribution : contributions) {
            readers.add(contribution.model().reader(index, buffer));
        }
        tensor = readers.get(0).spec();
        base = baseModel.isPresent() ? Optional.of(baseModel.get().reader(index, buffer)) : Optional.empty();
    }

    void moveTo(long element, int count) {
        first = element;
        length = count;
    }

    List<TensorReader> readers() {
        return readers;
    }

    @Override
    public TensorSpec tensor() {
        return tensor;
    }

    @Override
    public long first() {
        return first;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public int contributions() {
        return readers.size();
    }

    @Override
    public void read(int contribution, double[] into) throws IOException {
        readers.get(contribution).read(first, into, 0, length);
    }

    @Override
    public void base(double[] into) throws IOException {
        base.orElseThrow(() -> new IllegalStateException("the fold has no base model"))
                .read(first, into, 0, length);
    }

    /** Copies the base model's bytes of this block to the output. */
    void copyBase(ModelWriter.Slices slices, int index) throws IOException {
        TensorReader reader = base.orElseThrow(() -> new IllegalStateException("the fold has no base model"));
        for (int done = 0; done < length; ) {
            int now = Math.min(reader.bytesAtATime(), length - done);
            slices.writeBytes(index, first + done, reader.bytes(first + done, now));
            done += now;
        }
    }

    @Override
    public void close() {
        readers.forEach(TensorReader::close);
        base.ifPresent(TensorReader::close);
    }
}
