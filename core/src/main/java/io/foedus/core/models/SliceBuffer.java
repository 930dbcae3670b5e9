package io.foedus.core.models;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The working memory of reading, 192 KiB, and as much again where numbers are cast; belongs to one thread, whose
 * readers may share it.
 */
public final class SliceBuffer {
    static final int BYTES = 1 << 16;

    final ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES);
    final float[] floats = new float[BYTES / Float.BYTES];
    final byte[] heap = new byte[BYTES];
    private @Nullable Casting casting;

    /** What casting needs beside; it casts {@link #BYTES} / 8 elements at a time. */
    static final class Casting {
        final ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        final double[] values = new double[BYTES / Double.BYTES];
        final Encoder encoder = new Encoder(BYTES);
    }

    Casting casting() {
        Casting made = casting == null ? new Casting() : casting;
        casting = made;
        return made;
    }
}
