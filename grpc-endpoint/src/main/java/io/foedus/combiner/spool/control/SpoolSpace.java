package io.foedus.combiner.spool.control;

import io.foedus.combiner.spool.entity.UploadRefusal;
import io.foedus.combiner.spool.entity.UploadRefusal.Why;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keeps the spool's disk from filling up: bytes are promised before they are written. Safe for many threads. */
public final class SpoolSpace {
    private final Path dir;
    private final long reserve;
    private long promised;

    /** @param reserve bytes that must stay free */
    public SpoolSpace(Path dir, long reserve) {
        this.dir = dir;
        this.reserve = reserve;
    }

    /**
     * Promises room for bytes to come.
     *
     * @throws UploadRefusal if there is not enough; nothing is promised then
     */
    synchronized void promise(long bytes) throws IOException {
        long free = Files.getFileStore(dir).getUsableSpace() - reserve - promised;
        if (bytes > free) {
            throw new UploadRefusal(
                    Why.NO_SPACE,
                    "the combiner's spool has no room for " + bytes + " bytes (" + Math.max(0, free) + " left)");
        }
        promised += bytes;
    }

    /** Takes back a promise, because the bytes are written or will not come. */
    synchronized void settle(long bytes) {
        promised = Math.max(0, promised - bytes);
    }

    /** Free bytes above the reserve. */
    public synchronized long free() throws IOException {
        return Math.max(0, Files.getFileStore(dir).getUsableSpace() - reserve - promised);
    }
}
