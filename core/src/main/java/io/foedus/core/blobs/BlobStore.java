package io.foedus.core.blobs;

import io.foedus.core.models.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A content-addressed store.
 *
 * <p>Threading: any number of threads and processes may use one store at once. Blocking: calls last as long as their
 * bytes take. Idempotence: putting what is there changes nothing and succeeds; deleting what is not there succeeds.
 * Failure: an {@link IOException} leaves blobs as they were, and a partial at a length that {@link #partialBytes}
 * tells. Durability: when a put returns, the blob survives a crash of the machine.
 */
public interface BlobStore {
    /** Size in bytes, or empty if there is no such blob. */
    OptionalLong bytes(Digest digest) throws IOException;

    default boolean has(Digest digest) throws IOException {
        return bytes(digest).isPresent();
    }

    /**
     * Reads a blob from an offset on. The caller closes the stream.
     *
     * @throws BlobMissingException if there is no such blob
     */
    InputStream open(Digest digest, long offset) throws IOException;

    /**
     * A file with the blob's content that may be read until it is deleted from the store; a store without files of its
     * own makes a local copy. The file must not be changed.
     *
     * @throws BlobMissingException if there is no such blob
     */
    Path file(Digest digest) throws IOException;

    /**
     * Stores a stream of unknown digest. Does not close it.
     *
     * @param maxBytes refuse beyond this size
     * @return the digest
     */
    Digest put(InputStream content, long maxBytes) throws IOException;

    /**
     * Stores a stream that must have this digest.
     *
     * @throws DigestMismatchException if it has another; nothing is kept
     */
    void put(Digest digest, InputStream content, long maxBytes) throws IOException;

    /**
     * Takes over a complete local file, by moving it if that is possible. The file is gone afterwards.
     *
     * @return its digest
     */
    Digest adopt(Path file) throws IOException;

    /** How many bytes of a broken-off transfer are kept; 0 if none. */
    long partialBytes(Digest digest) throws IOException;

    /**
     * Goes on with a transfer. Bytes are kept as they come, so a failure of {@code content} costs nothing. When the
     * last byte is there the digest is verified and the partial becomes the blob; content that does not match is thrown
     * away.
     *
     * @param offset where {@code content} begins; at most {@link #partialBytes}, earlier bytes are overwritten
     * @param totalBytes size of the whole blob
     * @return the length of the partial, or {@code totalBytes} once the blob is complete
     * @throws DigestMismatchException if the complete content has another digest; the partial is gone then
     * @throws TransferInProgressException if another transfer of the same content is being written at this moment
     * @throws BlobTooLargeException if the content is longer than announced
     * @throws IllegalArgumentException if the offset leaves a gap
     */
    long append(Digest digest, long offset, long totalBytes, InputStream content) throws IOException;

    /**
     * Throws a partial away.
     *
     * @throws TransferInProgressException if it is being written at this moment
     */
    void abandon(Digest digest) throws IOException;

    /**
     * Removes a blob.
     *
     * @return whether there was one
     */
    boolean delete(Digest digest) throws IOException;

    /**
     * Reads a blob whole and compares it with its digest. One that has other bytes is put aside: the store does not
     * have it from then on, and the same content may be stored again.
     */
    Soundness check(Digest digest) throws IOException;

    /**
     * Digests of blobs that were stored, or stored once more, before a moment; in no order. Blobs that come or go
     * meanwhile may or may not be among them.
     */
    List<Digest> storedBefore(Instant moment) throws IOException;

    /** Throws broken-off transfers away that have not gone on since a moment; one under way is left alone. */
    void forgetTransfers(Instant since) throws IOException;

    /** The blob as a local file if the store has it, else empty. */
    default Optional<Path> find(Digest digest) throws IOException {
        return has(digest) ? Optional.of(file(digest)) : Optional.empty();
    }
}
