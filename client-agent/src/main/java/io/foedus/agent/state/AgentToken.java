package io.foedus.agent.state;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.zip.CRC32;

/**
 * Makes the agent's own token, in the form of all Foedus tokens: {@code fds_ag_}, then 10 characters of id, 43 of
 * secret (256 bits) and 6 of CRC-32, in base62.
 */
final class AgentToken {
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length());
    private static final int ID_LENGTH = 10;

    private AgentToken() {}

    static String random(SecureRandom random) {
        String text = "fds_ag_"
                + base62(new BigInteger(64, random).mod(BASE.pow(ID_LENGTH)), ID_LENGTH)
                + base62(new BigInteger(256, random), 43);
        CRC32 checksum = new CRC32();
        checksum.update(text.getBytes(StandardCharsets.US_ASCII));
        return text + base62(BigInteger.valueOf(checksum.getValue()), 6);
    }

    private static String base62(BigInteger value, int length) {
        char[] text = new char[length];
        BigInteger rest = value;
        for (int i = length - 1; i >= 0; i--) {
            BigInteger[] parts = rest.divideAndRemainder(BASE);
            text[i] = DIGITS.charAt(parts[1].intValue());
            rest = parts[0];
        }
        return new String(text);
    }
}
