package io.foedus.packages;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that gives out no more than it was allowed to, so that what is read in one go cannot fill the memory. */
final class BoundedInput extends FilterInputStream {
    /** More was asked for than was allowed. */
    static final class Exhausted extends IOException {}

    private long left;

    BoundedInput(InputStream in) {
        super(in);
    }

    /** From here on at most that many bytes. */
    void allow(long bytes) {
        left = bytes;
    }

    @Override
    public int read() throws IOException {
        int read = in.read();
        if (read >= 0) {
            use(1);
        }
        return read;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = in.read(buffer, offset, length);
        use(Math.max(0, read));
        return read;
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = in.skip(count);
        use(skipped);
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void use(long count) throws Exhausted {
        left -= count;
        if (left < 0) {
            throw new Exhausted();
        }
    }
}
