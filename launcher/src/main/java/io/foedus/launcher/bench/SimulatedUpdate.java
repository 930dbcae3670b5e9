package io.foedus.launcher.bench;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A {@link FlatModel} that is all zero but the last two numbers, which say whose it is: as many distinct updates as
 * there are clients for the memory of one.
 */
final class SimulatedUpdate {
    private static final int OWN_BYTES = 8;

    private final ByteString bytes;
    private final String digest;

    private SimulatedUpdate(ByteString bytes, String digest) {
        this.bytes = bytes;
        this.digest = digest;
    }

    int size() {
        return bytes.size();
    }

    /** SHA-256, lower-case hex. */
    String digest() {
        return digest;
    }

    ByteString slice(int from, int most) {
        return bytes.substring(from, Math.min(bytes.size(), from + most));
    }

    /** What updates of one size have in common. Threads may share it. */
    static final class Common {
        private final ByteString begin;
        private final MessageDigest afterBegin;

        /** @param model a file of {@link FlatModel} with at least two numbers */
        Common(byte[] model) {
            begin = ByteString.copyFrom(model, 0, model.length - OWN_BYTES);
            afterBegin = sha256();
            afterBegin.update(model, 0, model.length - OWN_BYTES);
        }

        SimulatedUpdate of(int client, int round) {
            byte[] own = new byte[OWN_BYTES];
            FlatModel.setLast(own, client, round);
            MessageDigest digest = copy(afterBegin);
            digest.update(own);
            return new SimulatedUpdate(
                    begin.concat(ByteString.copyFrom(own)), HexFormat.of().formatHex(digest.digest()));
        }
    }

    private static MessageDigest copy(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
