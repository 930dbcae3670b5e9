package io.foedus.core.models;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The header of an {@code .npy} array, versions 1.0 to 3.0 (NumPy Enhancement Proposal 1 and {@code numpy.lib.format}).
 *
 * @param headerBytes bytes before the payload
 */
record NpyHeader(DType dtype, List<Long> shape, boolean fortran, ByteOrder order, int headerBytes) {
    /** Bytes needed to learn how long the whole header is. */
    static final int PREFIX = 12;

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
    private static final Pattern FORTRAN = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9L,\\s]*)\\)");

    /**
     * The length of the whole header, from its first {@link #PREFIX} bytes.
     *
     * @param member how messages call the array
     */
    static long length(String member, ByteBuffer prefix) throws MalformedModelException {
        if (prefix.remaining() < 10) {
            throw new MalformedModelException("member '" + member + "' is too short for a NumPy array");
        }
        for (int i = 0; i < MAGIC.length; i++) {
            if (prefix.get(prefix.position() + i) != MAGIC[i]) {
                throw new MalformedModelException("member '" + member + "' is not a NumPy array");
            }
        }
        ByteBuffer little = prefix.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int version = prefix.get(prefix.position() + 6);
        if (version == 1) {
            return 10L + (little.getShort(prefix.position() + 8) & 0xFFFF);
        }
        if ((version == 2 || version == 3) && prefix.remaining() >= 12) {
            return 12L + (little.getInt(prefix.position() + 8) & 0xFFFF_FFFFL);
        }
        throw new MalformedModelException(
                "member '" + member + "' has NumPy format version " + version + "; versions 1, 2 and 3 are understood");
    }

    static NpyHeader parse(String member, byte[] header) throws MalformedModelException {
        int start = header[6] == 1 ? 10 : 12;
        String text = new String(
                header,
                start,
                header.length - start,
                header[6] == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        String descr = field(member, DESCR, "descr", text);
        DType dtype = dtype(descr)
                .orElseThrow(() -> new MalformedModelException("member '" + member + "' holds elements of NumPy type '"
                        + descr + "', which a model cannot have"));
        return new NpyHeader(
                dtype,
                shape(member, field(member, SHAPE, "shape", text)),
                field(member, FORTRAN, "fortran_order", text).equals("True"),
                descr.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
                header.length);
    }

    private static String field(String member, Pattern pattern, String name, String text)
            throws MalformedModelException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new MalformedModelException(
                    "the NumPy header of member '" + member + "' has no usable '" + name + "'");
        }
        return matcher.group(1);
    }

    private static Optional<DType> dtype(String descr) {
        if (descr.length() < 3 || "<>|=".indexOf(descr.charAt(0)) < 0) {
            return Optional.empty();
        }
        for (DType dtype : DType.values()) {
            if (dtype.numpy().equals(descr.substring(1))) {
                return Optional.of(dtype);
            }
        }
        return Optional.empty();
    }

    private static List<Long> shape(String member, String text) throws MalformedModelException {
        List<Long> shape = new ArrayList<>();
        for (String extent : text.split(",", -1)) {
            String digits = extent.strip().replace("L", "");
            if (digits.isEmpty()) {
                continue;
            }
            try {
                shape.add(Long.parseLong(digits));
            } catch (NumberFormatException e) {
                throw new MalformedModelException("member '" + member + "' has the impossible extent " + digits, e);
            }
        }
        return shape;
    }

    /** A version 1.0 header (2.0 if it is long) padded to 64 bytes, byte for byte what NumPy writes. */
    static byte[] write(TensorSpec spec) {
        String mark = spec.dtype().bytes() == 1 ? "|" : "<";
        String extents = spec.shape().stream().map(String::valueOf).collect(Collectors.joining(", "));
        String dictionary = "{'descr': '" + mark + spec.dtype().numpy() + "', 'fortran_order': False, 'shape': ("
                + extents + (spec.shape().size() == 1 ? "," : "") + "), }";
        // NumPy leaves room for the first extent to grow to 21 digits
        int growth = spec.shape().isEmpty()
                ? 0
                : 21 - String.valueOf(spec.shape().get(0)).length();
        int unpadded = dictionary.length() + Math.max(growth, 0) + 1;
        int fixed = 10 + unpadded > 0xFFFF ? 12 : 10;
        int padding = 64 - (fixed + unpadded) % 64;
        int length = unpadded + padding;
        ByteBuffer header = ByteBuffer.allocate(fixed + length).order(ByteOrder.LITTLE_ENDIAN);
        header.put(MAGIC).put((byte) (fixed == 10 ? 1 : 2)).put((byte) 0);
        if (fixed == 10) {
            header.putShort((short) length);
        } else {
            header.putInt(length);
        }
        byte[] text = dictionary.getBytes(StandardCharsets.ISO_8859_1);
        header.put(text);
        while (header.remaining() > 1) {
            header.put((byte) ' ');
        }
        header.put((byte) '\n');
        return header.array();
    }
}
