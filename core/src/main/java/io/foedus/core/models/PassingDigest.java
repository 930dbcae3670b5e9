package io.foedus.core.models;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/**
 * The SHA-256 of a whole file, computed while its payload passes by for another purpose, so that no byte is read twice.
 * Headers between the payloads are read here.
 *
 * <p>Safe for many threads: each shows the pieces that it reads, and waits for its turn where an earlier piece is still
 * in another thread's hands. Whoever holds the earliest piece never waits; a thread that gives up must
 * {@link #abandon}, or those behind it would wait for ever.
 */
public final class PassingDigest {
    private final FileChannel file;
    private final long[] starts;
    private final long[] ends;
    private final MessageDigest sha = Digest.sha256();
    private int payload;
    private long position;
    private boolean abandoned;

    private PassingDigest(FileChannel file, long[] starts, long[] ends) throws IOException {
        this.file = file;
        this.starts = starts;
        this.ends = ends;
        skipHeaders();
    }

    /** Empty where payload does not lie as it is read: deflated, transposed, or in another order than the layout's. */
    static Optional<PassingDigest> of(FileChannel file, List<StoredTensor> tensors) throws IOException {
        List<StoredTensor> filled =
                tensors.stream().filter(tensor -> tensor.spec().bytes() > 0).toList();
        long[] starts = filled.stream().mapToLong(StoredTensor::offset).toArray();
        long[] ends = new long[starts.length];
        for (int i = 0; i < ends.length; i++) {
            StoredTensor tensor = filled.get(i);
            ends[i] = starts[i] + tensor.spec().bytes();
            if (tensor.deflated() || tensor.transposed() || (i > 0 && starts[i] < ends[i - 1])) {
                return Optional.empty();
            }
        }
        return Optional.of(new PassingDigest(file, starts, ends));
    }

    /**
     * Takes a piece of payload into account, after all that come before it in the file.
     *
     * @param start place of the piece in the file
     * @param bytes the piece; its position and limit are left alone
     * @param heap working memory of the calling thread
     * @throws InterruptedIOException if the thread was interrupted, or another one gave up
     */
    void pass(long start, ByteBuffer bytes, byte[] heap) throws IOException {
        awaitTurn(start);
        // outside of the lock: nobody else has this turn
        int from = bytes.position();
        for (int done = 0; done < bytes.remaining(); ) {
            int now = Math.min(heap.length, bytes.remaining() - done);
            bytes.get(from + done, heap, 0, now);
            sha.update(heap, 0, now);
            done += now;
        }
        synchronized (this) {
            position = start + bytes.remaining();
            if (position == ends[payload]) {
                payload++;
                skipHeaders();
            }
            notifyAll();
        }
    }

    private synchronized void awaitTurn(long start) throws IOException {
        try {
            while (position != start && !abandoned) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            abandoned = true;
        }
        if (abandoned) {
            throw new InterruptedIOException("reading was interrupted");
        }
    }

    private void skipHeaders() throws IOException {
        if (payload < starts.length) {
            Digest.update(sha, file, position, starts[payload]);
            position = starts[payload];
        }
    }

    /** Releases all who wait, now and later; they fail. */
    public synchronized void abandon() {
        abandoned = true;
        notifyAll();
    }

    /**
     * The digest, once all payload has passed; to be asked for once.
     *
     * @throws IllegalStateException if payload is missing
     */
    public synchronized Digest finish() throws IOException {
        if (payload < starts.length) {
            throw new IllegalStateException("payload from byte " + position + " on has not passed");
        }
        Digest.update(sha, file, position, file.size());
        return Digest.of(sha);
    }
}
