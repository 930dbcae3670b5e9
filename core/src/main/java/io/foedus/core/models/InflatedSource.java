package io.foedus.core.models;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** A raw deflate stream inside a file, inflated on demand with 8 KiB of buffer. */
final class InflatedSource implements ByteSource {
    private static final int CHUNK = 1 << 13;

    private final FileChannel file;
    private final long start;
    private final long deflatedBytes;
    private final int skip;
    private final Inflater inflater = new Inflater(true);
    private final ByteBuffer input = ByteBuffer.allocateDirect(CHUNK);
    private long consumed;
    private long position;

    /** @param skip bytes of the inflated stream that come before position 0 */
    InflatedSource(FileChannel file, long start, long deflatedBytes, int skip) {
        this.file = file;
        this.start = start;
        this.deflatedBytes = deflatedBytes;
        this.skip = skip;
        this.position = -skip;
    }

    @Override
    public void read(ByteBuffer into, long from) throws IOException {
        if (from < position) {
            inflater.reset();
            consumed = 0;
            position = -skip;
        }
        if (position < from) {
            ByteBuffer dropped = ByteBuffer.allocateDirect(CHUNK);
            while (position < from) {
                dropped.clear().limit((int) Math.min(CHUNK, from - position));
                fill(dropped);
            }
        }
        fill(into);
    }

    private void fill(ByteBuffer into) throws IOException {
        try {
            while (into.hasRemaining()) {
                int inflated = inflater.inflate(into);
                position += inflated;
                if (inflated > 0) {
                    continue;
                }
                if (inflater.finished() || inflater.needsDictionary() || !refill()) {
                    throw new MalformedModelException(
                            "a deflated member ends " + into.remaining() + " or more bytes too early");
                }
            }
        } catch (DataFormatException e) {
            throw new MalformedModelException("a deflated member is damaged: " + e.getMessage(), e);
        }
    }

    private boolean refill() throws IOException {
        if (!inflater.needsInput()) {
            return true;
        }
        int next = (int) Math.min(CHUNK, deflatedBytes - consumed);
        if (next == 0) {
            return false;
        }
        input.clear().limit(next);
        Channels.readFully(file, input, start + consumed);
        consumed += next;
        inflater.setInput(input.flip());
        return true;
    }

    @Override
    public void close() {
        inflater.end();
    }
}
