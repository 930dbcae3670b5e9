package io.foedus.core.models;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A file of one header (possibly none) and payload without gaps. */
final class HeaderPlan implements WritePlan {
    private final byte[] header;
    private final long[] offsets;

    /** @param offsets of each tensor within the payload, and the payload's length last */
    HeaderPlan(byte[] header, long[] offsets) {
        this.header = header;
        this.offsets = offsets;
    }

    @Override
    public long offset(int tensor) {
        return header.length + offsets[tensor];
    }

    @Override
    public long fileBytes() {
        return header.length + offsets[offsets.length - 1];
    }

    @Override
    public void begin(FileChannel file) throws IOException {
        Channels.writeFully(file, ByteBuffer.wrap(header), 0);
    }
}
