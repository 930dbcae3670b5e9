package io.foedus.packages;

import io.foedus.packages.RefusedPackage.Why;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/**
 * Reads an archive of unknown intent: what it is, is told by its first bytes, not by its name. Only plain files and
 * folders are handed out, under names that stay inside; links, devices, pipes, sparse and encrypted entries refuse the
 * whole archive. Reads once from front to back; used by one thread.
 */
public final class PackageArchive {
    private static final int UNIX_TYPE = 0170000;
    private static final int UNIX_FILE = 0100000;
    private static final int UNIX_FOLDER = 0040000;
    private static final int OWNER_EXECUTES = 0100;

    /** A tar entry's headers, extended ones and long names included. */
    private static final long MOST_HEADER_BYTES = 1 << 20;

    private final UnpackLimits limits;
    private final Entries to;
    private final long mostBytes;
    private final EntryNames names = new EntryNames();
    private int entries;
    private long bytes;

    /** Takes what an archive holds, in its order. */
    public interface Entries {
        /** A folder; its parents may come later or never. */
        void folder(String path) throws IOException;

        /**
         * A file, which is not there yet. What it leaves unread of the content is read past.
         *
         * @param path with {@code /} between its parts, without {@code .} and {@code ..}
         * @param executable whether its owner may execute it
         */
        void file(String path, boolean executable, InputStream content) throws IOException, RefusedPackage;
    }

    private PackageArchive(long archiveSize, UnpackLimits limits, Entries to) {
        this.limits = limits;
        this.to = to;
        this.mostBytes = limits.bytesOf(archiveSize);
    }

    /**
     * Hands out all entries of an archive.
     *
     * @throws RefusedPackage naming what makes the archive unacceptable; entries before it were handed out
     * @throws IOException what {@code to} threw, or the archive cannot be opened
     */
    public static void read(Path archive, UnpackLimits limits, Entries to) throws IOException, RefusedPackage {
        PackageArchive reading = new PackageArchive(Files.size(archive), limits, to);
        byte[] magic;
        try (InputStream in = Files.newInputStream(archive)) {
            magic = in.readNBytes(3);
        }
        try {
            if (begins(magic, 'P', 'K')) {
                reading.unzip(archive);
            } else {
                reading.untar(archive, magic);
            }
        } catch (Writing e) {
            throw e.cause;
        } catch (BoundedInput.Exhausted e) {
            throw reading.tooLarge(
                    "has an entry whose name and headers have more than " + MOST_HEADER_BYTES + " bytes");
        } catch (IOException | IllegalArgumentException e) {
            throw RefusedPackage.unreadable(e);
        }
        if (reading.entries == 0) {
            throw Files.size(archive) == 0
                    ? RefusedPackage.because(Why.NOT_AN_ARCHIVE, "the archive is empty")
                    : RefusedPackage.unreadable("it has no entries", null);
        }
    }

    private void untar(Path archive, byte[] magic) throws IOException, RefusedPackage {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(archive), 64 << 10);
                BoundedInput plain = new BoundedInput(decompressed(raw, magic));
                TarArchiveInputStream tar = new TarArchiveInputStream(plain)) {
            plain.allow(MOST_HEADER_BYTES);
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                plain.allow(Long.MAX_VALUE);
                String name = entry.getName();
                count(name);
                if (entry.isSymbolicLink() || entry.isLink()) {
                    throw RefusedPackage.unsafe(
                            name,
                            "is a link to " + RefusedPackage.shown(entry.getLinkName()) + ", which is not allowed");
                }
                if (entry.isDirectory()) {
                    takeFolder(name);
                } else if (isPlainFile(entry)) {
                    takeFile(name, (entry.getMode() & OWNER_EXECUTES) != 0, tar);
                } else {
                    throw neither(name);
                }
                plain.allow(MOST_HEADER_BYTES);
            }
        }
    }

    /** {@code isFile()} alone says yes to devices and pipes. */
    private static boolean isPlainFile(TarArchiveEntry entry) {
        boolean special = entry.isBlockDevice() || entry.isCharacterDevice() || entry.isFIFO() || entry.isSparse();
        return entry.isFile() && !special;
    }

    private void unzip(Path archive) throws IOException, RefusedPackage {
        try (ZipFile zip = ZipFile.builder().setPath(archive).get()) {
            for (Enumeration<ZipArchiveEntry> all = zip.getEntries(); all.hasMoreElements(); ) {
                ZipArchiveEntry entry = all.nextElement();
                String name = entry.getName();
                count(name);
                int type = entry.getUnixMode() & UNIX_TYPE;
                if (entry.isUnixSymlink()) {
                    throw RefusedPackage.unsafe(name, "is a link, which is not allowed");
                }
                if (type != 0 && type != UNIX_FILE && type != UNIX_FOLDER) {
                    throw neither(name);
                }
                if (entry.getGeneralPurposeBit().usesEncryption()) {
                    throw RefusedPackage.unsafe(name, "is encrypted");
                }
                if (entry.isDirectory()) {
                    takeFolder(name);
                } else {
                    try (InputStream content = zip.getInputStream(entry)) {
                        takeFile(name, (entry.getUnixMode() & OWNER_EXECUTES) != 0, content);
                    }
                }
            }
        }
    }

    private static InputStream decompressed(InputStream raw, byte[] magic) throws IOException {
        if (begins(magic, 0x1f, 0x8b)) {
            return new GZIPInputStream(raw, 64 << 10);
        }
        return begins(magic, 'B', 'Z', 'h') ? new BZip2CompressorInputStream(raw, true) : raw;
    }

    private void count(String name) throws RefusedPackage {
        if (++entries > limits.entries()) {
            throw tooLarge(
                    "holds more than " + limits.entries() + " entries, the limit is at " + RefusedPackage.shown(name));
        }
    }

    private void takeFolder(String name) throws IOException, RefusedPackage {
        String path = names.folder(name);
        try {
            to.folder(path);
        } catch (IOException e) {
            throw new Writing(e);
        }
    }

    private void takeFile(String name, boolean executable, InputStream content) throws IOException, RefusedPackage {
        String path = names.file(name);
        Counted counted = new Counted(content);
        try {
            to.file(path, executable, counted);
            counted.drain();
        } catch (Reading e) {
            throw e.cause;
        } catch (Overflow e) {
            throw tooLarge("unpacks to more than " + mostBytes + " bytes, the limit is reached in "
                    + RefusedPackage.shown(name)
                    + (mostBytes < limits.bytes() ? "; that is more than any source code packs so well" : ""));
        } catch (IOException e) {
            throw new Writing(e);
        }
    }

    private RefusedPackage tooLarge(String what) {
        return RefusedPackage.because(Why.TOO_LARGE, "the archive " + what);
    }

    private static RefusedPackage neither(String name) {
        return RefusedPackage.unsafe(name, "is neither file nor folder");
    }

    private static boolean begins(byte[] magic, int... expected) {
        for (int i = 0; i < expected.length; i++) {
            if (magic.length <= i || (magic[i] & 0xff) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    /** The content of one file, counted against what the whole archive may become. */
    private final class Counted extends InputStream {
        private final InputStream content;

        Counted(InputStream content) {
            this.content = content;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read;
            try {
                read = content.read(buffer, offset, length);
            } catch (IOException e) {
                throw new Reading(e);
            }
            bytes += Math.max(0, read);
            if (bytes > mostBytes) {
                throw new Overflow();
            }
            return read;
        }

        void drain() throws IOException {
            byte[] buffer = new byte[64 << 10];
            int read = 0;
            while (read >= 0) {
                read = read(buffer, 0, buffer.length);
            }
        }
    }

    /** The archive unpacks to more than it may. */
    private static final class Overflow extends IOException {}

    /** The archive could not be read on. */
    private static final class Reading extends IOException {
        private final IOException cause;

        Reading(IOException cause) {
            super(cause);
            this.cause = cause;
        }
    }

    /** Not the archive's fault: whoever takes its entries could not. */
    private static final class Writing extends IOException {
        private final IOException cause;

        Writing(IOException cause) {
            super(cause);
            this.cause = cause;
        }
    }
}
