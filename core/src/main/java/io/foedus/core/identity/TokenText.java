package io.foedus.core.identity;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A token as it is written: {@code fds_<kind>_<id><secret><crc32>}, 10 + 43 + 6 base62 characters. The id is public (it
 * names the token in lists and revocations), the secret has 256 bits, the checksum lets anybody notice a typo or a cut
 * without asking the server.
 *
 * <p>{@link #toString()} never shows the secret; {@link #text()} does, once, to whoever made the token.
 */
public final class TokenText {
    /** What every token begins with, so that people and secret scanners know it. */
    public static final String BRAND = "fds_";

    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length());
    private static final int ID_LENGTH = 10;
    private static final int SECRET_LENGTH = 43;
    private static final int CHECKSUM_LENGTH = 6;
    private static final Pattern SHAPE = Pattern.compile(BRAND + "([a-z]{2})_([0-9A-Za-z]{59})");

    private final TokenKind kind;
    private final String id;
    private final String secret;

    private TokenText(TokenKind kind, String id, String secret) {
        this.kind = kind;
        this.id = id;
        this.secret = secret;
    }

    /** A new token with 256 random bits. */
    public static TokenText random(TokenKind kind, SecureRandom random) {
        BigInteger bits = new BigInteger(256, random);
        BigInteger id = new BigInteger(64, random).mod(BASE.pow(ID_LENGTH));
        return new TokenText(kind, base62(id, ID_LENGTH), base62(bits, SECRET_LENGTH));
    }

    /** The token in this text, or nothing if the shape, the kind or the checksum is wrong. */
    public static Optional<TokenText> parse(@Nullable String text) {
        Matcher shape = SHAPE.matcher(text == null ? "" : text);
        if (!shape.matches()) {
            return Optional.empty();
        }
        String body = shape.group(2);
        int end = ID_LENGTH + SECRET_LENGTH;
        return TokenKind.ofLetters(shape.group(1))
                .map(kind -> new TokenText(kind, body.substring(0, ID_LENGTH), body.substring(ID_LENGTH, end)))
                .filter(token -> token.checksum().equals(body.substring(end)));
    }

    public TokenKind kind() {
        return kind;
    }

    public String id() {
        return id;
    }

    /** The secret part; hash it, never store or log it. */
    public String secret() {
        return secret;
    }

    /** The whole token, to be shown once. */
    public String text() {
        return prefix() + checksum();
    }

    @Override
    public String toString() {
        return BRAND + kind.letters() + "_" + id + "…";
    }

    private String prefix() {
        return BRAND + kind.letters() + "_" + id + secret;
    }

    private String checksum() {
        CRC32 crc = new CRC32();
        crc.update(prefix().getBytes(StandardCharsets.US_ASCII));
        return base62(BigInteger.valueOf(crc.getValue()), CHECKSUM_LENGTH);
    }

    private static String base62(BigInteger value, int length) {
        StringBuilder text = new StringBuilder();
        BigInteger rest = value;
        while (text.length() < length) {
            BigInteger[] parts = rest.divideAndRemainder(BASE);
            text.append(DIGITS.charAt(parts[1].intValue()));
            rest = parts[0];
        }
        return text.reverse().toString();
    }
}
