package io.foedus.core.models;

import java.nio.ByteBuffer;

/** The working memory of reading, 192 KiB; belongs to one thread, whose readers may share it. */
public final class SliceBuffer {
    static final int BYTES = 1 << 16;

    final ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES);
    final float[] floats = new float[BYTES / Float.BYTES];
    final byte[] heap = new byte[BYTES];
}
