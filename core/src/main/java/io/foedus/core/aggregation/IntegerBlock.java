package io.foedus.core.aggregation;

import io.foedus.core.models.ModelWriter;
import io.foedus.core.models.TensorReader;
import io.foedus.core.models.TensorSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A block of a tensor that is not floating, held as bytes: where all contributions agree the bytes are kept, elsewhere
 * the kernel decides ({@link IntegerRule#AGREE_OR_ROUND}).
 */
final class IntegerBlock implements Block {
    private final BlockReaders readers;
    private final ByteBuffer[] contents;
    private final int width;

    IntegerBlock(BlockReaders readers) throws IOException {
        this.readers = readers;
        width = readers.tensor().dtype().bytes();
        contents = new ByteBuffer[readers.contributions()];
        for (int c = 0; c < contents.length; c++) {
            contents[c] = ByteBuffer.allocate(readers.length() * width).order(ByteOrder.LITTLE_ENDIAN);
            TensorReader reader = readers.readers().get(c);
            for (int done = 0; done < readers.length(); ) {
                int now = Math.min(reader.bytesAtATime(), readers.length() - done);
                contents[c].put(reader.bytes(readers.first() + done, now));
                done += now;
            }
            contents[c].flip();
        }
    }

    void write(Kernel kernel, double[] result, ModelWriter.Slices slices, int index) throws IOException {
        if (agreedFrom(0) < length()) {
            kernel.combine(this, result);
        }
        for (int element = 0; element < length(); ) {
            int end = agreedFrom(element);
            if (end > element) {
                slices.writeBytes(
                        index, first() + element, contents[0].slice(element * width, (end - element) * width));
            }
            element = end;
            while (element < length() && agreedFrom(element) == element) {
                element++;
            }
            slices.write(index, first() + end, result, end, element - end);
        }
    }

    /** The first element from {@code start} on that differs anywhere, or the block's length. */
    private int agreedFrom(int start) {
        int end = length();
        for (int c = 1; c < contents.length; c++) {
            int from = start * width;
            int mismatch =
                    contents[0].slice(from, end * width - from).mismatch(contents[c].slice(from, end * width - from));
            if (mismatch >= 0) {
                end = start + mismatch / width;
            }
        }
        return end;
    }

    @Override
    public TensorSpec tensor() {
        return readers.tensor();
    }

    @Override
    public long first() {
        return readers.first();
    }

    @Override
    public int length() {
        return readers.length();
    }

    @Override
    public int contributions() {
        return contents.length;
    }

    @Override
    public void read(int contribution, double[] into) {
        for (int i = 0; i < length(); i++) {
            into[i] = TensorReader.element(tensor().dtype(), contents[contribution], i);
        }
    }

    @Override
    public void addScaled(int contribution, double factor, double[] sums) {
        for (int i = 0; i < length(); i++) {
            sums[i] += factor * TensorReader.element(tensor().dtype(), contents[contribution], i);
        }
    }

    @Override
    public void addOriginScaled(int contribution, double factor, double[] sums) throws IOException {
        readers.addOriginScaled(contribution, factor, sums);
    }

    @Override
    public void base(double[] into) throws IOException {
        readers.base(into);
    }
}
