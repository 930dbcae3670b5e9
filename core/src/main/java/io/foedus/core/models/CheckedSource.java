package io.foedus.core.models;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;

/** A tensor's payload, read forward once, and on the way the CRC-32 of the whole member that holds it. */
final class CheckedSource implements ByteSource {
    private final ByteSource member;
    private final MemberChecksum stated;
    private final int headerBytes;
    private final CRC32 crc = new CRC32();
    private long position = -1;

    CheckedSource(FileChannel file, StoredTensor tensor, MemberChecksum stated) {
        this.stated = stated;
        boolean deflated = tensor.deflated();
        member = deflated
                ? new InflatedSource(file, stated.offset(), stated.bytes(), 0)
                : new StoredSource(file, stated.offset());
        headerBytes = deflated ? tensor.skip() : (int) (tensor.offset() - stated.offset());
    }

    @Override
    public void read(ByteBuffer into, long from) throws IOException {
        readHeader();
        if (from != position) {
            throw new IllegalStateException("a checked tensor is read forward and once");
        }
        ByteBuffer content = into.duplicate();
        int bytes = into.remaining();
        member.read(into, headerBytes + from);
        crc.update(content);
        position = from + bytes;
    }

    private void readHeader() throws IOException {
        if (position < 0) {
            ByteBuffer header = ByteBuffer.allocate(headerBytes);
            member.read(header, 0);
            crc.update(header.flip());
            position = 0;
        }
    }

    /**
     * Compares, once everything has been read.
     *
     * @throws MalformedModelException if the checksum differs
     */
    void verify() throws IOException {
        readHeader();
        stated.verify(crc.getValue());
    }

    @Override
    public void close() {
        member.close();
    }
}
