package io.foedus.core.models;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads the central directory of a ZIP archive (PKWARE APPNOTE 6.3.10), ZIP64 included.
 *
 * <p>The JDK's own readers are not used because they hide where a stored member begins, and because this one must
 * refuse what they tolerate: members that overlap, share a name, or lie about their place.
 */
final class ZipDirectory {
    private static final int END = 0x06054b50;
    private static final int END64_LOCATOR = 0x07064b50;
    private static final int END64 = 0x06064b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int LOCAL = 0x04034b50;
    private static final int END_BYTES = 22;
    private static final long MAX_32 = 0xFFFF_FFFFL;

    private final FileChannel file;
    private final long size;
    private final ReadLimits limits;

    private ZipDirectory(FileChannel file, ReadLimits limits) throws IOException {
        this.file = file;
        this.size = file.size();
        this.limits = limits;
    }

    /** The members in the order of the central directory. */
    static List<ZipMember> read(FileChannel file, ReadLimits limits) throws IOException {
        ZipDirectory directory = new ZipDirectory(file, limits);
        List<ZipMember> members = directory.members();
        refuseOverlaps(members);
        return members;
    }

    private record End(long entries, long bytes, long offset) {}

    private List<ZipMember> members() throws IOException {
        End end = end();
        if (end.entries > limits.maxTensors()) {
            throw new MalformedModelException(
                    "the archive has " + end.entries + " members, more than the " + limits.maxTensors() + " allowed");
        }
        if (end.offset < 0 || end.bytes < 0 || end.offset > size - end.bytes || end.bytes > limits.maxHeaderBytes()) {
            throw new MalformedModelException("the archive's directory does not lie inside the file");
        }
        ByteBuffer entries = at(end.offset, (int) end.bytes);
        List<ZipMember> members = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (long i = 0; i < end.entries; i++) {
            ZipMember member = member(entries);
            if (!names.add(member.name())) {
                throw new MalformedModelException("two members of the archive are named '" + member.name() + "'");
            }
            members.add(member);
        }
        return members;
    }

    private End end() throws IOException {
        int span = (int) Math.min(size, END_BYTES + 0xFFFF);
        ByteBuffer tail = at(size - span, span);
        for (int i = span - END_BYTES; i >= 0; i--) {
            if (tail.getInt(i) == END && (tail.getShort(i + 20) & 0xFFFF) == span - END_BYTES - i) {
                return end(tail, i, size - span + i);
            }
        }
        throw new MalformedModelException("the file is not a complete ZIP archive: it has no end record");
    }

    private End end(ByteBuffer tail, int index, long position) throws IOException {
        long entries = tail.getShort(index + 10) & 0xFFFF;
        long bytes = tail.getInt(index + 12) & MAX_32;
        long offset = tail.getInt(index + 16) & MAX_32;
        if (entries != 0xFFFF && bytes != MAX_32 && offset != MAX_32) {
            return new End(entries, bytes, offset);
        }
        if (position < 20) {
            return new End(entries, bytes, offset);
        }
        ByteBuffer locator = at(position - 20, 20);
        if (locator.getInt(0) != END64_LOCATOR) {
            return new End(entries, bytes, offset);
        }
        long end64 = locator.getLong(8);
        if (end64 < 0 || end64 > size - 56) {
            throw new MalformedModelException("the archive's ZIP64 end record does not lie inside the file");
        }
        ByteBuffer record = at(end64, 56);
        if (record.getInt(0) != END64) {
            throw new MalformedModelException("the archive's ZIP64 end record is damaged");
        }
        return new End(record.getLong(32), record.getLong(40), record.getLong(48));
    }

    private ZipMember member(ByteBuffer entry) throws IOException {
        int start = entry.position();
        need(entry, 46);
        if (entry.getInt(start) != CENTRAL) {
            throw new MalformedModelException("the archive's directory is damaged at its byte " + start);
        }
        int flags = entry.getShort(start + 8);
        int method = entry.getShort(start + 10);
        long crc = entry.getInt(start + 16) & MAX_32;
        long compressed = entry.getInt(start + 20) & MAX_32;
        long plain = entry.getInt(start + 24) & MAX_32;
        int nameBytes = entry.getShort(start + 28) & 0xFFFF;
        int extraBytes = entry.getShort(start + 30) & 0xFFFF;
        int commentBytes = entry.getShort(start + 32) & 0xFFFF;
        long local = entry.getInt(start + 42) & MAX_32;
        entry.position(start + 46);
        need(entry, nameBytes + extraBytes + commentBytes);
        byte[] nameField = new byte[nameBytes];
        entry.get(nameField);
        // NumPy sets bit 11 for names beyond ASCII; without it ASCII is all that occurs, and UTF-8 contains it
        String name = new String(nameField, StandardCharsets.UTF_8);
        ByteBuffer extra = entry.slice(entry.position(), extraBytes).order(ByteOrder.LITTLE_ENDIAN);
        entry.position(entry.position() + extraBytes + commentBytes);
        ByteBuffer zip64 = zip64(extra);
        plain = plain == MAX_32 && zip64.remaining() >= 8 ? zip64.getLong() : plain;
        compressed = compressed == MAX_32 && zip64.remaining() >= 8 ? zip64.getLong() : compressed;
        local = local == MAX_32 && zip64.remaining() >= 8 ? zip64.getLong() : local;
        if ((flags & 1) != 0) {
            throw new MalformedModelException("member '" + name + "' is encrypted");
        }
        if (method != 0 && method != 8) {
            throw new MalformedModelException("member '" + name + "' uses compression method " + method
                    + "; only stored (0) and deflated (8) are understood");
        }
        return located(new ZipMember(name, method == 8, local, compressed, plain, crc));
    }

    private static void need(ByteBuffer entries, int bytes) throws MalformedModelException {
        if (entries.remaining() < bytes) {
            throw new MalformedModelException("the archive's directory ends in the middle of an entry");
        }
    }

    private static ByteBuffer zip64(ByteBuffer extra) {
        while (extra.remaining() >= 4) {
            int id = extra.getShort();
            int bytes = Math.min(extra.getShort() & 0xFFFF, extra.remaining());
            if (id == 1) {
                return extra.slice(extra.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
            }
            extra.position(extra.position() + bytes);
        }
        return ByteBuffer.allocate(0);
    }

    /** Turns the local header's place into the data's place, and checks sizes. */
    private ZipMember located(ZipMember member) throws IOException {
        String which = "member '" + member.name() + "'";
        if (member.dataOffset() < 0 || member.dataOffset() > size - 30) {
            throw new MalformedModelException(which + " begins outside the file");
        }
        ByteBuffer header = at(member.dataOffset(), 30);
        if (header.getInt(0) != LOCAL) {
            throw new MalformedModelException(which + " has no local header where the directory says");
        }
        long data = member.dataOffset() + 30 + (header.getShort(26) & 0xFFFF) + (header.getShort(28) & 0xFFFF);
        if (member.dataBytes() < 0 || data > size - member.dataBytes()) {
            throw new MalformedModelException(
                    which + " claims " + member.dataBytes() + " bytes, more than the file has");
        }
        if (!member.deflated() && member.dataBytes() != member.inflatedBytes()) {
            throw new MalformedModelException(which + " is stored, yet claims two different sizes");
        }
        if (member.inflatedBytes() < 0
                || member.inflatedBytes() / limits.maxExpansion() > Math.max(member.dataBytes(), 1)) {
            throw new MalformedModelException(which + " would grow from " + member.dataBytes() + " to "
                    + member.inflatedBytes() + " bytes, more than " + limits.maxExpansion() + " times");
        }
        return new ZipMember(
                member.name(), member.deflated(), data, member.dataBytes(), member.inflatedBytes(), member.crc());
    }

    private static void refuseOverlaps(List<ZipMember> members) throws MalformedModelException {
        List<ZipMember> byPlace = new ArrayList<>(members);
        byPlace.sort(Comparator.comparingLong(ZipMember::dataOffset));
        for (int i = 1; i < byPlace.size(); i++) {
            ZipMember before = byPlace.get(i - 1);
            if (before.dataOffset() + before.dataBytes() > byPlace.get(i).dataOffset() - 30) {
                throw new MalformedModelException(
                        "members '" + before.name() + "' and '" + byPlace.get(i).name() + "' overlap");
            }
        }
    }

    private ByteBuffer at(long position, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        Channels.readFully(file, buffer, position);
        return buffer.flip();
    }
}
