package io.foedus.core.models;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/**
 * Seals a new file from its beginning on, while payload further back is still being written: headers and checksums of
 * tensors that are complete, and the digest of what cannot change any more. Safe for many threads.
 */
final class Sealing {
    private static final int STEP = 1 << 17;

    private final FileChannel file;
    private final ModelLayout layout;
    private final WritePlan plan;
    private final WrittenRuns[] written;
    private final int[] inFileOrder;
    private final ReentrantLock lock = new ReentrantLock();
    private final MessageDigest sha = Digest.sha256();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(STEP);
    private final byte[] heap = new byte[STEP];
    private int sealed;
    private long fixed;
    private long digested;

    Sealing(FileChannel file, ModelLayout layout, WritePlan plan) {
        this.file = file;
        this.layout = layout;
        this.plan = plan;
        int count = layout.tensors().size();
        written = IntStream.range(0, count).mapToObj(i -> new WrittenRuns()).toArray(WrittenRuns[]::new);
        inFileOrder = IntStream.range(0, count)
                .boxed()
                .sorted(Comparator.comparingLong(plan::offset))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Hears of payload that is in the file now; does a small step if nobody else is at it. */
    void written(int tensor, long start, ByteBuffer bytes) throws IOException {
        if (!bytes.hasRemaining()) {
            return;
        }
        int crc = 0;
        if (plan.checksums()) {
            CRC32 sum = new CRC32();
            sum.update(bytes.duplicate());
            crc = (int) sum.getValue();
        }
        written[tensor].add(start, start + bytes.remaining(), crc);
        if (lock.tryLock()) {
            try {
                sealComplete();
                digest(Math.min(fixed, digested + STEP));
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Seals the rest.
     *
     * @return the digest of the whole file
     * @throws IOException if payload is missing, naming the tensor
     */
    Digest finish() throws IOException {
        lock.lock();
        try {
            sealComplete();
            if (sealed < inFileOrder.length) {
                throw new IOException("the payload of tensor '"
                        + layout.tensors().get(inFileOrder[sealed]).name() + "' is not complete");
            }
            plan.finish(file);
            digest(plan.fileBytes());
            return Digest.of(sha);
        } finally {
            lock.unlock();
        }
    }

    private void sealComplete() throws IOException {
        List<TensorSpec> tensors = layout.tensors();
        while (sealed < inFileOrder.length) {
            int tensor = inFileOrder[sealed];
            long bytes = tensors.get(tensor).bytes();
            if (!written[tensor].complete(bytes)) {
                return;
            }
            plan.seal(file, tensor, written[tensor]::crcAfter);
            sealed++;
            fixed = plan.offset(tensor) + bytes;
        }
    }

    private void digest(long end) throws IOException {
        while (digested < end) {
            buffer.clear().limit((int) Math.min(STEP, end - digested));
            Channels.readFully(file, buffer, digested);
            int bytes = buffer.flip().remaining();
            buffer.get(heap, 0, bytes);
            sha.update(heap, 0, bytes);
            digested += bytes;
        }
    }
}
