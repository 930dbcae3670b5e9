package io.foedus.core.models;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.IntUnaryOperator;
import java.util.zip.CRC32;

/**
 * A new npz with stored members, byte for byte what {@code numpy.savez} writes on Python 3.11 and later: every local
 * header is a ZIP64 one, the directory has ZIP64 fields only where a number exceeds 31 bits, and time stamps are ZIP's
 * first day, so that equal models are equal files.
 */
final class NpzPlan implements WritePlan {
    private static final int ZIP64_LOCAL = 20;
    private static final long MAX_32 = 0xFFFF_FFFFL;
    private static final short FIRST_DAY = 0x21;
    private static final short VERSION = 45;
    private static final long LIMIT = Integer.MAX_VALUE;

    private final ModelLayout layout;
    private final byte[][] names;
    private final byte[][] headers;
    private final long[] locals;
    private final int[] crcs;
    private final long directory;
    private final long end;

    NpzPlan(ModelLayout layout) {
        this.layout = layout;
        int count = layout.tensors().size();
        names = new byte[count][];
        headers = new byte[count][];
        locals = new long[count];
        crcs = new int[count];
        long position = 0;
        for (int i = 0; i < count; i++) {
            TensorSpec spec = layout.tensors().get(i);
            names[i] = NpzFormat.memberName(spec).getBytes(StandardCharsets.UTF_8);
            if (names[i].length > 0xFFFF) {
                throw new IllegalArgumentException("a tensor's name is too long for a ZIP archive");
            }
            headers[i] = NpyHeader.write(spec);
            locals[i] = position;
            position = offset(i) + spec.bytes();
        }
        directory = position;
        long entries = 0;
        for (int i = 0; i < count; i++) {
            entries += 46 + names[i].length + extraBytes(i);
        }
        end = directory + entries;
    }

    @Override
    public long offset(int tensor) {
        return locals[tensor] + 30 + names[tensor].length + ZIP64_LOCAL + headers[tensor].length;
    }

    @Override
    public long fileBytes() {
        return end + (large() ? 76 : 0) + 22;
    }

    @Override
    public boolean checksums() {
        return true;
    }

    @Override
    public void seal(FileChannel file, int tensor, IntUnaryOperator crcAfter) throws IOException {
        CRC32 header = new CRC32();
        header.update(headers[tensor]);
        crcs[tensor] = crcAfter.applyAsInt((int) header.getValue());
        Channels.writeFully(file, local(tensor, crcs[tensor]), locals[tensor]);
    }

    @Override
    public void finish(FileChannel file) throws IOException {
        ByteBuffer entries =
                ByteBuffer.allocate((int) (fileBytes() - directory)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < names.length; i++) {
            central(entries, i, crcs[i]);
        }
        end(entries);
        Channels.writeFully(file, entries.flip(), directory);
    }

    private long memberBytes(int i) {
        return headers[i].length + layout.tensors().get(i).bytes();
    }

    private ByteBuffer local(int i, int crc) {
        long bytes = memberBytes(i);
        return ByteBuffer.allocate(30 + names[i].length + ZIP64_LOCAL + headers[i].length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0x04034b50)
                .putShort(VERSION)
                .putShort(flags(i))
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort(FIRST_DAY)
                .putInt(crc)
                .putInt(-1)
                .putInt(-1)
                .putShort((short) names[i].length)
                .putShort((short) ZIP64_LOCAL)
                .put(names[i])
                .putShort((short) 1)
                .putShort((short) 16)
                .putLong(bytes)
                .putLong(bytes)
                .put(headers[i])
                .flip();
    }

    private void central(ByteBuffer out, int i, int crc) {
        long bytes = memberBytes(i);
        boolean largeMember = bytes > LIMIT;
        boolean farMember = locals[i] > LIMIT;
        int small = (int) (largeMember ? MAX_32 : bytes);
        // made on Unix, so that the mode in the external attributes is understood
        out.putInt(0x02014b50).putShort((short) (3 << 8 | VERSION)).putShort(VERSION);
        out.putShort(flags(i)).putShort((short) 0).putShort((short) 0).putShort(FIRST_DAY);
        out.putInt(crc).putInt(small).putInt(small);
        out.putShort((short) names[i].length).putShort((short) extraBytes(i)).putShort((short) 0);
        out.putShort((short) 0).putShort((short) 0).putInt(0600 << 16);
        out.putInt((int) (farMember ? MAX_32 : locals[i])).put(names[i]);
        if (largeMember || farMember) {
            out.putShort((short) 1).putShort((short) (extraBytes(i) - 4));
            if (largeMember) {
                out.putLong(bytes).putLong(bytes);
            }
            if (farMember) {
                out.putLong(locals[i]);
            }
        }
    }

    private int extraBytes(int i) {
        int content = (memberBytes(i) > LIMIT ? 16 : 0) + (locals[i] > LIMIT ? 8 : 0);
        return content == 0 ? 0 : content + 4;
    }

    private short flags(int i) {
        for (byte b : names[i]) {
            if (b < 0) {
                return 1 << 11;
            }
        }
        return 0;
    }

    private boolean large() {
        return directory > LIMIT || end - directory > LIMIT || names.length > 0xFFFF;
    }

    private void end(ByteBuffer out) {
        long count = names.length;
        long bytes = end - directory;
        if (large()) {
            out.putInt(0x06064b50).putLong(44).putShort(VERSION).putShort(VERSION);
            out.putInt(0).putInt(0).putLong(count).putLong(count).putLong(bytes).putLong(directory);
            out.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
        }
        short shortCount = (short) Math.min(count, 0xFFFF);
        out.putInt(0x06054b50).putInt(0).putShort(shortCount).putShort(shortCount);
        out.putInt((int) Math.min(bytes, MAX_32)).putInt((int) Math.min(directory, MAX_32));
        out.putShort((short) 0);
    }
}
