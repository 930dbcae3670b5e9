package io.foedus.web.problems;

import io.foedus.controller.listing.UnknownColumn;
import io.foedus.controller.refusals.Refusal;
import io.foedus.core.blobs.BlobMissingException;
import io.foedus.core.blobs.BlobTooLargeException;
import io.foedus.core.blobs.DigestMismatchException;
import jakarta.ejb.EJBAccessException;
import jakarta.json.JsonException;
import jakarta.json.bind.JsonbException;
import jakarta.persistence.OptimisticLockException;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.WebApplicationException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * From whatever was thrown to the problem that is told. What is not known here is internal: the caller learns the
 * request id, no more.
 */
public final class Problems {
    private Problems() {}

    public static Problem of(Throwable thrown) {
        for (Throwable cause : chain(thrown)) {
            Problem problem = known(cause);
            if (problem != null) {
                return problem;
            }
        }
        return Problem.ofStatus(500);
    }

    private static Problem known(Throwable cause) {
        if (cause instanceof Refusal refusal) {
            return Problem.of(refusal);
        }
        if (cause instanceof WebApplicationException web) {
            return Problem.ofStatus(web.getResponse().getStatus());
        }
        if (cause instanceof JsonbException || cause instanceof JsonException || cause instanceof ProcessingException) {
            return Problem.of(
                    400,
                    "MALFORMED_JSON",
                    "The body is not the JSON that this call takes.",
                    "Check brackets, quotes and the types of the members; see /openapi.");
        }
        if (cause instanceof UnknownColumn) {
            return Problem.of(400, "BAD_PARAMETER", cause.getMessage(), "Use a cursor or column that the list gave.");
        }
        if (cause instanceof EJBAccessException) {
            return Problem.ofStatus(403);
        }
        if (cause instanceof OptimisticLockException) {
            return Problem.of(
                    409,
                    "CHANGED_MEANWHILE",
                    "Somebody else changed this at the same moment.",
                    "Read it again, then repeat.");
        }
        if (cause instanceof BlobTooLargeException) {
            return Problem.of(413, "TOO_LARGE", cause.getMessage(), "Send less, or raise foedus.limits.…-bytes.");
        }
        if (cause instanceof DigestMismatchException) {
            return Problem.of(422, "DIGEST_MISMATCH", cause.getMessage(), "Send the content from its beginning again.");
        }
        if (cause instanceof BlobMissingException) {
            return Problem.of(404, "UNKNOWN_BLOB", "These bytes are not in the store.", "Check the digest.");
        }
        return cause instanceof SQLException sql ? database(sql) : null;
    }

    private static Problem database(SQLException sql) {
        String state = sql.getSQLState() == null ? "" : sql.getSQLState();
        if (state.equals("23505")) {
            return Problem.of(
                    409, "EXISTS_ALREADY", "Another request made the same thing first.", "Read it, then decide.");
        }
        if (state.equals("40001") || state.equals("40P01")) {
            return new Problem(
                    503,
                    "CHANGED_MEANWHILE",
                    "Somebody else changed this at the same moment.",
                    "Repeat the request.",
                    Map.of(),
                    Optional.of(Duration.ofMillis(200)));
        }
        if (state.equals("22021") || state.equals("22P05")) {
            return Problem.of(
                    400, "BAD_TEXT", "A text holds the character U+0000, which cannot be stored.", "Leave it out.");
        }
        if (state.equals("22003") || state.equals("22008")) {
            return Problem.of(
                    400,
                    "BAD_NUMBER",
                    "A number or a point in time is larger than can be stored.",
                    "Send finite numbers of a usual size.");
        }
        boolean away =
                state.startsWith("08") || state.startsWith("57P") || sql instanceof SQLTransientConnectionException;
        return away ? Problem.ofStatus(503) : null;
    }

    private static List<Throwable> chain(Throwable thrown) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Throwable> chain = new ArrayList<>();
        for (Throwable at = thrown; at != null && seen.add(at); at = at.getCause()) {
            chain.add(at);
        }
        return chain;
    }
}
