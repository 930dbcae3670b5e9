package io.foedus.core.models;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Positional reads and writes that do not stop half-way. */
final class Channels {
    private Channels() {}

    /** Fills the buffer from its position to its limit, or fails. */
    static void readFully(FileChannel file, ByteBuffer into, long position) throws IOException {
        readUpTo(file, into, position);
        if (into.hasRemaining()) {
            throw new MalformedModelException("the file ends " + into.remaining() + " bytes too early");
        }
    }

    /** Fills the buffer as far as the file goes. */
    static void readUpTo(FileChannel file, ByteBuffer into, long position) throws IOException {
        int start = into.position();
        while (into.hasRemaining()) {
            int read = file.read(into, position + into.position() - start);
            if (read < 0) {
                return;
            }
        }
    }

    static void writeFully(FileChannel file, ByteBuffer from, long position) throws IOException {
        int start = from.position();
        while (from.hasRemaining()) {
            int before = from.position();
            file.write(from, position + before - start);
        }
    }
}
