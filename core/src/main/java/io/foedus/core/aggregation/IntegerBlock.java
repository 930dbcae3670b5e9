package io.foedus.core.aggregation;

import io.foedus.core.models.ModelWriter;
import io.foedus.core.models.TensorReader;
import io.foedus.core.models.TensorSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A block of a tensor that is not floating, held as bytes: where all contributions agree the bytes are kept, elsewhere
 * the kernel decides ({@link IntegerRule#AGREE_OR_ROUND}). Of a partial that is a sum the bytes are those of its first
 * input, and the numbers its sums.
 */
final class IntegerBlock implements Block {
    private final BlockReaders readers;
    private final ByteBuffer[] contents;
    private final int width;
    private final Agreement agreement;

    IntegerBlock(BlockReaders readers) throws IOException {
        this.readers = readers;
        width = readers.tensor().dtype().bytes();
        contents = new ByteBuffer[readers.contributions()];
        agreement = new Agreement(readers.length(), width);
        for (int c = 0; c < contents.length; c++) {
            contents[c] = bytes(readers.bytesReader(c));
            if (c > 0) {
                agreement.with(contents[0], contents[c]);
            }
            if (readers.isSum(c)) {
                agreement.within(bytes(readers.agreedReader(c)));
            }
        }
    }

    private ByteBuffer bytes(TensorReader reader) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(
                        readers.length() * reader.spec().dtype().bytes())
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int done = 0; done < readers.length(); ) {
            int now = Math.min(reader.bytesAtATime(), readers.length() - done);
            bytes.put(reader.bytes(readers.first() + done, now));
            done += now;
        }
        return bytes.flip();
    }

    /** Writes what the kernel makes of the block. */
    void write(Kernel kernel, double[] result, ModelWriter.Slices slices, int index) throws IOException {
        if (agreement.everywhere()) {
            slices.writeBytes(index, first(), contents[0].duplicate());
            return;
        }
        kernel.combine(this, result);
        slices.write(index, first(), result, contents[0], agreement::at);
    }

    /** Writes the planes of a partial behind its sum. */
    void writePlanes(ModelWriter.Slices slices, int place) throws IOException {
        ByteBuffer agreed = ByteBuffer.allocate(length());
        for (int i = 0; i < length(); i++) {
            agreed.put((byte) (agreement.at(i) ? 1 : 0));
        }
        slices.writeBytes(place + PartialLayout.FIRST, first(), contents[0].duplicate());
        slices.writeBytes(place + PartialLayout.AGREED, first(), agreed.flip());
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
    public void read(int contribution, double[] into) throws IOException {
        if (readers.isSum(contribution)) {
            readers.read(contribution, into);
            return;
        }
        for (int i = 0; i < length(); i++) {
            into[i] = TensorReader.element(tensor().dtype(), contents[contribution], i);
        }
    }

    @Override
    public void addScaled(int contribution, double factor, double[] sums) throws IOException {
        if (readers.isSum(contribution)) {
            readers.addScaled(contribution, factor, sums);
            return;
        }
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
