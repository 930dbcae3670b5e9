package io.foedus.web.api;

import io.foedus.controller.refusals.Refusal;
import io.foedus.core.blobs.BlobStore;
import io.foedus.core.models.Digest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers with the bytes of a blob: its digest is the entity tag, one range is honoured. */
@ApplicationScoped
public class BlobContent {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})-(\\d{0,18})");
    private static final int BUFFER = 128 << 10;

    @Inject
    BlobStore blobs;

    /**
     * @param range the Range header, or null
     * @param fileName what to call the file, or null
     */
    Response answer(Digest digest, Request request, String range, String fileName) throws IOException {
        long size = blobs.bytes(digest).orElseThrow(() -> Refusal.unknown("blob", digest));
        EntityTag tag = new EntityTag(digest.hex());
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag);
        if (unchanged != null) {
            return unchanged.build();
        }
        Matcher wanted = RANGE.matcher(range == null ? "" : range);
        boolean part = wanted.matches();
        long first = part ? Long.parseLong(wanted.group(1)) : 0;
        long last = part && !wanted.group(2).isEmpty() ? Math.min(size - 1, Long.parseLong(wanted.group(2))) : size - 1;
        if (part && (first > last || first >= size)) {
            return Response.status(416)
                    .header("Content-Range", "bytes */" + size)
                    .build();
        }
        Response.ResponseBuilder response = Response.status(part ? 206 : 200)
                .type(MediaType.APPLICATION_OCTET_STREAM_TYPE)
                .tag(tag)
                .header("Accept-Ranges", "bytes")
                .header("Content-Length", last - first + 1)
                .entity((StreamingOutput) out -> copy(digest, first, last - first + 1, out));
        if (part) {
            response.header("Content-Range", "bytes " + first + "-" + last + "/" + size);
        }
        if (fileName != null) {
            response.header(
                    "Content-Disposition",
                    "attachment; filename=\"" + fileName.replaceAll("[^A-Za-z0-9._ -]", "_") + "\"");
        }
        return response.build();
    }

    private void copy(Digest digest, long first, long bytes, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = blobs.open(digest, first)) {
            long left = bytes;
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    throw new IOException("the blob " + digest + " ended early");
                }
                out.write(buffer, 0, read);
                left -= read;
            }
        }
    }
}
