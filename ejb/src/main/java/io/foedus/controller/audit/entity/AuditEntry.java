package io.foedus.controller.audit.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.NamedQuery;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;

/** One link of the chain. Immutable; {@code hash = SHA-256(prevHash + "\n" + canonical JSON of the rest)}. */
@Entity
@Table(name = "audit")
@NamedQuery(name = "AuditEntry.last", query = "SELECT a FROM AuditEntry a ORDER BY a.seq DESC")
@NamedQuery(name = "AuditEntry.after", query = "SELECT a FROM AuditEntry a WHERE a.seq > :seq ORDER BY a.seq")
public class AuditEntry {
    /** The hash before the first entry. */
    public static final String GENESIS = "0".repeat(64);

    /** How it ended. */
    public enum Outcome {
        DONE,
        DENIED,
        FAILED
    }

    @Id
    private long seq;

    private Instant at;
    private String actor;
    private String action;
    private String object;

    @Column(name = "alliance_id")
    private UUID allianceId;

    @Enumerated(EnumType.STRING)
    private Outcome outcome;

    private String details;

    @Column(name = "prev_hash")
    private String prevHash;

    private String hash;

    protected AuditEntry() {}

    /**
     * What happened, before it has a place in the chain.
     *
     * @param action noun and past verb, e.g. {@code token.revoked}
     * @param details JSON, without secrets
     */
    public record Deed(String actor, String action, String object, UUID allianceId, Outcome outcome, String details) {}

    /** The link after {@code previous}, or the first one if that is null. */
    public static AuditEntry after(AuditEntry previous, Instant at, Deed deed) {
        var entry = new AuditEntry();
        entry.seq = previous == null ? 1 : previous.seq + 1;
        entry.at = at;
        entry.actor = deed.actor();
        entry.action = deed.action();
        entry.object = deed.object();
        entry.allianceId = deed.allianceId();
        entry.outcome = deed.outcome();
        entry.details = deed.details();
        entry.prevHash = previous == null ? GENESIS : previous.hash;
        entry.hash = entry.computedHash();
        return entry;
    }

    /**
     * Whether this entry is what it was when written and comes right after {@code previous} (null before the first).
     */
    public boolean follows(AuditEntry previous) {
        String expected = previous == null ? GENESIS : previous.hash;
        long expectedSeq = previous == null ? 1 : previous.seq + 1;
        return seq == expectedSeq && prevHash.equals(expected) && hash.equals(computedHash());
    }

    private String computedHash() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((prevHash + "\n" + canonical()).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    /** JSON with sorted keys and no white space; all values but seq are strings. */
    private String canonical() {
        return "{\"action\":" + quoted(action)
                + ",\"actor\":" + quoted(actor)
                + ",\"alliance\":" + (allianceId == null ? "null" : quoted(allianceId.toString()))
                + ",\"at\":" + quoted(at.toString())
                + ",\"details\":" + quoted(details)
                + ",\"object\":" + quoted(object)
                + ",\"outcome\":" + quoted(outcome.name())
                + ",\"seq\":" + seq + "}";
    }

    private static String quoted(String text) {
        var json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < 0x20) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    public long seq() {
        return seq;
    }

    public String hash() {
        return hash;
    }
}
