package io.foedus.core.aggregation;

import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelWriter;
import io.foedus.core.models.PassingDigest;
import io.foedus.core.models.SliceBuffer;
import io.foedus.core.models.TensorReader;
import io.foedus.core.models.TensorSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The readers of one tensor in every contribution: a {@link Block} that moves along. */
final class BlockReaders implements Block, AutoCloseable {
    private final TensorSpec tensor;
    private final List<Contribution> contributions;
    private final int index;
    private final List<TensorReader> readers = new ArrayList<>();
    private final boolean[] sums;
    private final int[] places;
    private final Map<Integer, TensorReader> firsts = new HashMap<>();
    private final Map<Integer, TensorReader> agreed = new HashMap<>();
    private final List<Optional<ModelFile>> origins = new ArrayList<>();
    private final Map<ModelFile, Reference> references = new HashMap<>();
    private final Optional<ModelFile> base;
    private long first;
    private int length;

    /** @param digests what must be shown all that is read of a contribution, where there is such a thing */
    BlockReaders(FoldInputs inputs, int index, SliceBuffer buffer, IntFunction<@Nullable PassingDigest> digests)
            throws IOException {
        this.contributions = inputs.contributions();
        this.index = index;
        this.base = inputs.base();
        this.sums = inputs.sums();
        this.places = new int[sums.length];
        this.tensor = inputs.layout().tensors().get(index);
        for (Contribution contribution : contributions) {
            PassingDigest digest = digests.apply(readers.size());
            ModelFile model = contribution.model();
            boolean isSum = sums[readers.size()];
            int place = isSum ? inputs.partial().places().get(index) : index;
            places[readers.size()] = place;
            if (isSum && inputs.partial().hasPlanes(index)) {
                firsts.put(readers.size(), model.reader(place + PartialLayout.FIRST, buffer));
                agreed.put(readers.size(), model.reader(place + PartialLayout.AGREED, buffer));
            }
            readers.add(digest == null ? model.reader(place, buffer) : model.reader(place, buffer, digest));
            origins.add(isSum ? Optional.empty() : contribution.origin().or(() -> base));
        }
        for (Optional<ModelFile> reference : origins) {
            if (reference.isPresent() && !references.containsKey(reference.get())) {
                references.put(reference.get(), new Reference(reference.get().reader(index, buffer)));
            }
        }
        if (base.isPresent() && !references.containsKey(base.get())) {
            references.put(base.get(), new Reference(base.get().reader(index, buffer)));
        }
    }

    void moveTo(long element, int count) {
        first = element;
        length = count;
    }

    /** Shows the digests what the kernel has left out. */
    void passUnread() throws IOException {
        for (TensorReader reader : readers) {
            reader.pass(first, length);
        }
    }

    /** Whether a contribution is a sum: {@link #read} delivers it undivided. */
    boolean isSum(int contribution) {
        return sums[contribution];
    }

    /** The reader of a contribution's values as they are: of a sum, those of its first input. */
    TensorReader bytesReader(int contribution) {
        return firsts.getOrDefault(contribution, readers.get(contribution));
    }

    /** The reader that tells where a sum's inputs agree. */
    TensorReader agreedReader(int contribution) {
        return Objects.requireNonNull(agreed.get(contribution));
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
    public void addScaled(int contribution, double factor, double[] sums) throws IOException {
        readers.get(contribution).addScaled(first, factor, sums, length);
    }

    @Override
    public void addOriginScaled(int contribution, double factor, double[] sums) throws IOException {
        if (isSum(contribution)) {
            return; // it is a sum of differences already
        }
        double[] values = reference(origins.get(contribution)).slice(first, length);
        for (int i = 0; i < length; i++) {
            sums[i] += factor * values[i];
        }
    }

    @Override
    public void base(double[] into) throws IOException {
        System.arraycopy(reference(base).slice(first, length), 0, into, 0, length);
    }

    private Reference reference(Optional<ModelFile> model) {
        Reference reference = model.map(references::get).orElse(null);
        if (reference == null) {
            throw new IllegalStateException("the fold has no base model");
        }
        return reference;
    }

    /**
     * Says whose value makes the result of an element overflow: the one that is farthest from the model it started
     * from, or from zero where the fold has no such model.
     *
     * @param element its place in the block
     */
    FoldException overflow(int element) throws IOException {
        Contribution culprit = contributions.get(0);
        double its = 0;
        double farthest = -1;
        for (int c = 0; c < readers.size(); c++) {
            double value = element(c, element);
            Optional<ModelFile> origin = origins.get(c);
            double distance = Math.abs(value - (origin.isPresent() ? element(origin.get(), element) : 0));
            if (!(distance <= farthest)) {
                culprit = contributions.get(c);
                its = value;
                farthest = distance;
            }
        }
        return new FoldException(
                "contribution " + culprit.id() + " is out of scale: tensor '" + tensor.name() + "' overflows at index "
                        + (first + element) + ", where it has the value " + its,
                culprit.id());
    }

    private double element(int contribution, int element) throws IOException {
        double[] value = new double[1];
        try (TensorReader reader = contributions.get(contribution).model().reader(places[contribution])) {
            reader.read(first + element, value, 0, 1);
        }
        return sums[contribution] ? value[0] / contributions.get(contribution).weight() : value[0];
    }

    /** Opened anew: the fold's own readers go forward only. */
    private double element(ModelFile model, int element) throws IOException {
        double[] value = new double[1];
        try (TensorReader reader = model.reader(index)) {
            reader.read(first + element, value, 0, 1);
        }
        return value[0];
    }

    /** Copies the base model's bytes of this block to the output. */
    void copyBase(ModelWriter.Slices slices, int index) throws IOException {
        TensorReader reader = reference(base).reader();
        for (int done = 0; done < length; ) {
            int now = Math.min(reader.bytesAtATime(), length - done);
            slices.writeBytes(index, first + done, reader.bytes(first + done, now));
            done += now;
        }
    }

    @Override
    public void close() {
        readers.forEach(TensorReader::close);
        firsts.values().forEach(TensorReader::close);
        agreed.values().forEach(TensorReader::close);
        references.values().forEach(Reference::close);
    }
}
