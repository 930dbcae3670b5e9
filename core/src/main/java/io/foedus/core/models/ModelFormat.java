package io.foedus.core.models;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Map;

/**
 * One way for a model to lie in a file. Implementations are found by {@link java.util.ServiceLoader}, have no state and
 * may be used by any number of threads.
 */
public interface ModelFormat {
    /** The name used in settings and commands: {@code npz}, {@code safetensors}, {@code raw}. */
    String id();

    /** The usual end of a file name, with the dot. */
    String suffix();

    /** Whether text pairs beside the tensors have a place in this format. */
    default boolean keepsMetadata() {
        return false;
    }

    /** Whether files of this format can be told from others; one without a mark is read only when it is expected. */
    default boolean hasMark() {
        return true;
    }

    /**
     * Whether a file that begins with these bytes is (probably) of this format. A format without a mark of its own
     * answers false and is used only when it is asked for by id.
     *
     * @param head the first bytes of the file, at most 16, position 0
     * @param fileBytes size of the file
     */
    boolean recognises(ByteBuffer head, long fileBytes);

    /**
     * Reads headers only; payload stays where it is. Allocates no more than {@code limits} allow.
     *
     * @throws MalformedModelException if the file breaks the format or a limit
     * @throws IOException if the file cannot be read
     */
    ModelContents read(FileChannel file, ReadLimits limits) throws IOException;

    /**
     * Lays out a new file.
     *
     * @throws IllegalArgumentException if the format cannot express the layout
     */
    WritePlan plan(ModelLayout layout, Map<String, String> metadata);
}
