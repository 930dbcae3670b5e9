package io.foedus.core.models;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The bytes of one part of a file, reached by position. Confined to one thread.
 *
 * <p>Two kinds: stored bytes, reached directly, and a deflate stream, which goes forward only and starts anew when an
 * earlier position is asked for.
 */
interface ByteSource extends AutoCloseable {
    /** Fills the buffer from its position to its limit with the bytes from {@code position} on. */
    void read(ByteBuffer into, long position) throws IOException;

    @Override
    void close();

    static ByteSource of(FileChannel file, ZipMember member) {
        return member.deflated()
                ? new InflatedSource(file, member.dataOffset(), member.dataBytes(), 0)
                : new StoredSource(file, member.dataOffset());
    }

    static ByteSource of(FileChannel file, StoredTensor tensor) {
        return tensor.deflated()
                ? new InflatedSource(file, tensor.offset(), tensor.deflatedBytes(), tensor.skip())
                : new StoredSource(file, tensor.offset());
    }

    /** Bytes that lie in the file as they are. */
    record StoredSource(FileChannel file, long start) implements ByteSource {
        @Override
        public void read(ByteBuffer into, long position) throws IOException {
            Channels.readFully(file, into, start + position);
        }

        @Override
        public void close() {}
    }
}
