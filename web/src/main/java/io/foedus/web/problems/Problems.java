package io.foedus.web.problems;

import io.foedus.controller.listing.UnknownColumn;
import io.foedus.controller.refusals.Refusal;
import io.foedus.core.blobs.BlobMissingException;
import io.foedus.core.blobs.BlobTooLargeException;
import io.foedus.core.blobs.DigestMismatchException;
import jakarta.ejb.EJBAccessException;
import jakarta.ejb.TransactionRolledbackLocalException;
import jakarta.json.JsonException;
import jakarta.json.bind.JsonbException;
import jakarta.persistence.OptimisticLockException;
import jakarta.resource.ResourceException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.SystemException;
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
import java.util.regex.Pattern;
import javax.transaction.xa.XAException;
import org.primefaces.csp.CspException;

/**
 * From whatever was thrown to the problem that is told. What is not known here is internal: the caller learns the
 * request id, no more.
 */
public final class Problems {
    /** Connection lost, transaction rolled back by a standby, out of resources, shutting down, disk. */
    private static final Pattern AWAY = Pattern.compile("08|25006|40003|53|57P|58");

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
        if (cause instanceof CspException) {
            return Problem.of(
                    400,
                    "BAD_NONCE",
                    "The form came without the nonce of its page, or with another one.",
                    "Load the page again and send the form from there.");
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
        if (cause instanceof BodyCutException cut) {
            return cut.isSlow()
                    ? Problem.of(408, "BODY_TOO_SLOW", cut.getMessage(), "Send it again, without pauses.")
                    : Problem.of(400, "BODY_BROKE_OFF", cut.getMessage(), "Send it again.");
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
        if (cause instanceof SQLException sql) {
            return database(sql);
        }
        boolean noConnection = cause instanceof ResourceException;
        boolean unknownEnd = cause.getCause() == null && isOfTransaction(cause);
        return noConnection || unknownEnd ? databaseAway() : null;
    }

    /** Whether all that is known is that a transaction did not come to its end. */
    private static boolean isOfTransaction(Throwable cause) {
        return cause instanceof RollbackException
                || cause instanceof SystemException
                || cause instanceof XAException
                || cause instanceof TransactionRolledbackLocalException;
    }

    private static Problem database(SQLException sql) {
        // The pool's own exceptions have no state: no connection to be had, or it was closed meanwhile.
        String state = sql.getSQLState() == null ? "" : sql.getSQLState();
        return switch (state) {
            case "23505" ->
                Problem.of(
                        409, "EXISTS_ALREADY", "Another request made the same thing first.", "Read it, then decide.");
            case "40001", "40P01", "55P03" ->
                new Problem(
                        503,
                        "CHANGED_MEANWHILE",
                        "Somebody else changed this at the same moment.",
                        "Repeat the request.",
                        Map.of(),
                        Optional.of(Duration.ofMillis(200)));
            case "22021", "22P05" ->
                Problem.of(
                        400, "BAD_TEXT", "A text holds the character U+0000, which cannot be stored.", "Leave it out.");
            case "22001", "22P02", "23502", "23514", "54000" ->
                Problem.of(
                        400,
                        "BAD_VALUE",
                        "A value is missing, too long, or none of those that can be stored here.",
                        "Compare the request with its description.");
            case "22003", "22008" ->
                Problem.of(
                        400,
                        "BAD_NUMBER",
                        "A number or a point in time is larger than can be stored.",
                        "Send finite numbers of a usual size.");
            default ->
                state.isEmpty() || AWAY.matcher(state).lookingAt() || sql instanceof SQLTransientConnectionException
                        ? databaseAway()
                        : null;
        };
    }

    private static Problem databaseAway() {
        return new Problem(
                503,
                "DATABASE_UNAVAILABLE",
                "The controller cannot reach its database.",
                "Try again shortly; a change may have been made all the same.",
                Map.of(),
                Optional.of(Duration.ofSeconds(2)));
    }

    private static List<Throwable> chain(Throwable thrown) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Throwable> chain = new ArrayList<>();
        for (Throwable at = thrown; at != null && seen.add(at); at = at.getCause()) {
            chain.add(at);
            if (at instanceof SQLException sql && sql.getNextException() != null) {
                chain.add(sql.getNextException());
            }
        }
        return chain;
    }
}
