package io.foedus.combiner.spool.control;

import io.foedus.combiner.spool.entity.UploadRefusal;
import io.foedus.combiner.spool.entity.UploadRefusal.Why;
import io.foedus.core.models.Digest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/**
 * One file on its way in. Written by one call; {@link #supersede} may come from another thread.
 *
 * <p>The digest is computed as bytes pass; what an earlier call has brought is read once, before the first new byte.
 */
public final class Upload implements Closeable {
    private static final int REREAD = 1 << 18;

    private final Path part;
    private final FileChannel file;
    private final MessageDigest sha = Digest.sha256();
    private final SpoolSpace space;
    private final long most;
    private final long begun;
    private long length;
    private long promised;
    private volatile boolean superseded;

    /**
     * @param offset where the sender begins; must be the length of what is there, or 0 to begin anew
     * @param announced size of the whole file, or -1 if the sender does not say
     * @param most largest acceptable size
     */
    Upload(Path part, long offset, long announced, long most, SpoolSpace space) throws IOException {
        if (announced > most) {
            throw new UploadRefusal(
                    Why.TOO_LARGE, announced + " bytes are too many; at most " + most + " can be right");
        }
        this.part = part;
        this.space = space;
        this.most = announced < 0 ? most : announced;
        this.begun = offset;
        this.file =
                FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            begin(offset, Math.max(0, this.most - offset));
        } catch (IOException | RuntimeException e) {
            space.settle(promised);
            file.close();
            throw e;
        }
    }

    private void begin(long offset, long missing) throws IOException {
        if (offset == 0) {
            file.truncate(0);
        }
        if (file.size() != offset) {
            throw new UploadRefusal(Why.WRONG_OFFSET, "go on at " + file.size() + ", not at " + offset);
        }
        space.promise(missing);
        promised = missing;
        file.position(offset);
    }

    /** Reads what was there; gives up as soon as somebody else goes on. */
    private void catchUp() throws IOException {
        if (length >= begun) {
            return;
        }
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(REREAD, begun - length));
        while (length < begun) {
            requireCurrent();
            if (file.read(buffer.clear(), length) <= 0) {
                throw new IOException("the spool has lost bytes of an upload");
            }
            length += buffer.flip().remaining();
            sha.update(buffer);
        }
    }

    private void requireCurrent() throws UploadRefusal {
        if (superseded) {
            throw new UploadRefusal(Why.SUPERSEDED, "a newer call sends this file");
        }
    }

    /** Appends; blocks until the bytes are handed to the operating system. */
    public synchronized void write(ByteBuffer data) throws IOException {
        requireCurrent();
        catchUp();
        int bytes = data.remaining();
        if (length + bytes > most) {
            throw new UploadRefusal(Why.TOO_LARGE, "more than the " + most + " bytes that can be right");
        }
        sha.update(data.duplicate());
        try {
            while (data.hasRemaining()) {
                file.write(data);
            }
        } catch (IOException e) {
            throw full(e);
        }
        length += bytes;
        long settled = Math.min(bytes, promised);
        promised -= settled;
        space.settle(settled);
    }

    private static IOException full(IOException e) {
        return String.valueOf(e.getMessage()).contains("No space left")
                ? new UploadRefusal(Why.NO_SPACE, "the combiner's disk is full")
                : e;
    }

    /** Bytes that arrived, in all calls together. */
    public synchronized long length() {
        return Math.max(length, begun);
    }

    /** Forces everything to disk and tells what arrived; nothing may be written afterwards. */
    synchronized Digest finish() throws IOException {
        requireCurrent();
        catchUp();
        file.force(true);
        close();
        return Digest.of(sha);
    }

    /** Makes every further write fail: somebody else goes on. */
    void supersede() throws IOException {
        superseded = true; // before its turn: a call that reads what was there stops at once
        close();
    }

    Path part() {
        return part;
    }

    /** Lets go; what arrived stays. May be repeated. */
    @Override
    public synchronized void close() throws IOException {
        space.settle(promised);
        promised = 0;
        file.close();
    }
}
