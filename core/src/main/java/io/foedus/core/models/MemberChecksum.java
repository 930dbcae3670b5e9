package io.foedus.core.models;

/**
 * A CRC-32 that the file states about a part of itself.
 *
 * @param name the part, for messages
 * @param offset first byte in the file
 * @param bytes length in the file
 * @param deflatedTo length after inflation, or -1 if the part is stored
 * @param crc the CRC-32 of the inflated bytes
 */
public record MemberChecksum(String name, long offset, long bytes, long deflatedTo, long crc) {
    /**
     * Compares with what was found.
     *
     * @throws MalformedModelException naming the part, if it differs
     */
    void verify(long found) throws MalformedModelException {
        if (found != crc) {
            throw new MalformedModelException("member '" + name + "' is damaged: its CRC-32 is "
                    + Long.toHexString(found) + ", the file states " + Long.toHexString(crc));
        }
    }
}
