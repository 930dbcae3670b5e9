package io.foedus.controller.refusals;

import jakarta.ejb.ApplicationException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Why a use case was not done. Immutable; thrown through EJB boundaries unwrapped, rolling the transaction back.
 *
 * <p>The detail names the thing and may be shown to the caller; it never carries a secret or a class name. Additional
 * members are JSON values (strings, numbers, lists, maps) that a program needs to react.
 */
@ApplicationException(rollback = true)
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What sort of no it is; the web module maps each to one HTTP status. */
    public enum Kind {
        /** The request cannot be understood. */
        MALFORMED,
        /** Nobody, or a credential that does not count (any more). */
        UNAUTHENTICATED,
        /** Known and visible, but not allowed for this actor. */
        FORBIDDEN,
        /** There is no such thing, or the actor may not know of it. */
        UNKNOWN,
        /** The state does not permit it now. */
        CONFLICT,
        /** The caller's epoch has been superseded (fencing). */
        OUTDATED,
        /** More bytes than the limit. */
        TOO_LARGE,
        /** Understood, but the content is not acceptable. */
        UNACCEPTABLE,
        /** Too many attempts; see {@link #retryAfter()}. */
        THROTTLED,
        /** Not possible at the moment; see {@link #retryAfter()}. */
        UNAVAILABLE
    }

    private final Kind kind;
    private final String code;
    private final String remedy;
    private final transient Map<String, Object> members;
    private final Duration retryAfter;

    private Refusal(
            Kind kind, String code, String detail, String remedy, Map<String, Object> members, Duration retryAfter) {
        super(detail, null, false, true);
        this.kind = kind;
        this.code = code;
        this.remedy = remedy;
        this.members = Map.copyOf(members);
        this.retryAfter = retryAfter;
    }

    private static Refusal of(Kind kind, String code, String detail, String remedy) {
        return new Refusal(kind, code, detail, remedy, Map.of(), null);
    }

    public static Refusal malformed(String code, String detail, String remedy) {
        return of(Kind.MALFORMED, code, detail, remedy);
    }

    public static Refusal unauthenticated(String code, String detail, String remedy) {
        return of(Kind.UNAUTHENTICATED, code, detail, remedy);
    }

    public static Refusal forbidden(String detail, String remedy) {
        return forbidden("NOT_ALLOWED", detail, remedy);
    }

    public static Refusal forbidden(String code, String detail, String remedy) {
        return of(Kind.FORBIDDEN, code, detail, remedy);
    }

    /**
     * There is no such thing for this actor; {@code thing} is a word of the vocabulary, {@code name} what was asked
     * for.
     */
    public static Refusal unknown(String thing, Object name) {
        return of(
                Kind.UNKNOWN,
                "UNKNOWN_" + thing.toUpperCase(Locale.ROOT).replace(' ', '_'),
                "There is no " + thing + " '" + name + "' that you may see.",
                "Check the name or id, and that your account is a member of the alliance.");
    }

    public static Refusal conflict(String code, String detail, String remedy) {
        return of(Kind.CONFLICT, code, detail, remedy);
    }

    public static Refusal outdated(String code, String detail, String remedy) {
        return of(Kind.OUTDATED, code, detail, remedy);
    }

    public static Refusal tooLarge(String code, String detail, String remedy) {
        return of(Kind.TOO_LARGE, code, detail, remedy);
    }

    public static Refusal unacceptable(String code, String detail, String remedy) {
        return of(Kind.UNACCEPTABLE, code, detail, remedy);
    }

    public static Refusal throttled(String code, String detail, String remedy, Duration retryAfter) {
        return new Refusal(Kind.THROTTLED, code, detail, remedy, Map.of(), retryAfter);
    }

    public static Refusal unavailable(String code, String detail, String remedy, Duration retryAfter) {
        return new Refusal(Kind.UNAVAILABLE, code, detail, remedy, Map.of(), retryAfter);
    }

    /** The same refusal with a further member for programs, e.g. {@code clients} of conflicting claims. */
    public Refusal with(String member, Object value) {
        var more = new HashMap<>(members);
        more.put(member, value);
        return new Refusal(kind, code, getMessage(), remedy, more, retryAfter);
    }

    public Kind kind() {
        return kind;
    }

    /** Stable, upper case; programs branch on it. */
    public String code() {
        return code;
    }

    /** What is wrong, naming the thing. */
    public String detail() {
        return getMessage();
    }

    /** What to do about it. */
    public String remedy() {
        return remedy;
    }

    public Map<String, Object> members() {
        return members;
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
