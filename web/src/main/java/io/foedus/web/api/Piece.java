package io.foedus.web.api;

import io.foedus.controller.refusals.Refusal;
import io.foedus.core.blobs.BlobStore;
import io.foedus.core.blobs.TransferInProgressException;
import io.foedus.core.models.Digest;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A piece of a file that arrives in several: from {@code offset} to the end of what is sent, of {@code total} bytes.
 */
record Piece(long offset, long total) {
    /** The header that says how many bytes are kept. */
    static final String OFFSET = "Upload-Offset";

    private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

    /**
     * Reads a {@code Content-Range}.
     *
     * @throws Refusal {@code BAD_RANGE}, or {@code TOO_LARGE} if the whole has more than {@code most} bytes
     */
    static Piece of(String contentRange, long most) {
        Matcher range = RANGE.matcher(contentRange);
        if (!range.matches()) {
            throw Refusal.malformed(
                    "BAD_RANGE", "'" + contentRange + "' is no Content-Range.", "Write bytes a-b/total.");
        }
        Piece piece = new Piece(Long.parseLong(range.group(1)), Long.parseLong(range.group(3)));
        if (piece.total > most) {
            throw Refusal.tooLarge(
                    "TOO_LARGE",
                    piece.total + " bytes are more than " + most + ".",
                    "Raise foedus.limits.model-bytes.");
        }
        return piece;
    }

    /**
     * Keeps the bytes as they come: 201 when all are there, 202 when some are missing, 409 where they do not fit on.
     */
    Response appendTo(BlobStore store, Digest digest, InputStream body) throws IOException {
        long kept = store.partialBytes(digest);
        if (offset > kept) {
            return Response.status(409).header(OFFSET, kept).build();
        }
        try {
            long now = store.append(digest, offset, total, body);
            return now >= total
                    ? Response.status(201).tag(digest.hex()).build()
                    : Response.status(202).header(OFFSET, now).build();
        } catch (TransferInProgressException e) {
            return Response.status(409)
                    .header(OFFSET, store.partialBytes(digest))
                    .build();
        }
    }
}
