package io.foedus.protocol.transfer;

/** What both sides agree on before the first byte. */
public final class ProtocolVersion {
    /** The version of {@code foedus.v1} that this build speaks: {@code Hello.protocol}. */
    public static final int CURRENT = 1;

    /** Largest control message in bytes; chunks are smaller. */
    public static final int MAX_MESSAGE_BYTES = 1 << 20;

    /** Chunk size in bytes that a combiner proposes; each download holds one. */
    public static final int CHUNK_BYTES = 64 << 10;

    private ProtocolVersion() {}
}
