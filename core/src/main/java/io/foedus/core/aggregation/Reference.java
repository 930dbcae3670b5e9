package io.foedus.core.aggregation;

import io.foedus.core.models.TensorReader;
import java.io.IOException;

/** A model that contributions are compared with. Its slice is read once per block, however many contributions ask. */
final class Reference implements AutoCloseable {
    private final TensorReader reader;
    private double[] values = new double[0];
    private long first = -1;

    Reference(TensorReader reader) {
        this.reader = reader;
    }

    TensorReader reader() {
        return reader;
    }

    double[] slice(long from, int count) throws IOException {
        if (first != from) {
            if (values.length < count) {
                values = new double[count];
            }
            reader.read(from, values, 0, count);
            first = from;
        }
        return values;
    }

    @Override
    public void close() {
        reader.close();
    }
}
