package io.foedus.core.models;

import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * The places of a new file's parts, known before any payload is: so that payload can be written in any order and by
 * several threads. Payload is little-endian and in C order.
 */
public interface WritePlan {
    /** First byte of a tensor's payload. */
    long offset(int tensor);

    /** Size of the finished file. */
    long fileBytes();

    /**
     * Writes everything that is not payload, called once after all payload is in place.
     *
     * @param file open for reading and writing
     */
    void finish(FileChannel file) throws IOException;
}
