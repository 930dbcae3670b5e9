package io.foedus.core.models;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.function.IntUnaryOperator;

/**
 * The places of a new file's parts, known before any payload is: so that payload can be written in any order and by
 * several threads. Payload is little-endian and in C order. Called by one thread at a time.
 */
public interface WritePlan {
    /** First byte of a tensor's payload. */
    long offset(int tensor);

    /** Size of the finished file. */
    long fileBytes();

    /** Whether {@link #seal} needs checksums; computing them takes time. */
    default boolean checksums() {
        return false;
    }

    /** Writes what is known before any payload is. */
    default void begin(FileChannel file) throws IOException {}

    /**
     * Writes what stands before a tensor's payload, which is in place now: nothing up to its end may change afterwards.
     * Called once for each tensor, in the order of offsets.
     *
     * @param crcAfter turns the CRC-32 of a header into that of header and payload
     */
    default void seal(FileChannel file, int tensor, IntUnaryOperator crcAfter) throws IOException {}

    /** Writes what stands behind all payload, called once after all tensors are sealed. */
    default void finish(FileChannel file) throws IOException {}
}
