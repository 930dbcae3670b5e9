package io.foedus.agent.packages;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Enumeration;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Unpacks an archive of unknown intent into an empty folder. What it is, is told by its first bytes, not by its name.
 * Only regular files and folders are made, readable by the owner only; the owner's execute bit is the only mode kept.
 * On refusal the folder holds a part of the archive and is to be thrown away.
 */
public final class PackageArchive {
    private final UnpackLimits limits;
    private final Path target;
    private int entries;
    private long bytes;

    private PackageArchive(Path target, UnpackLimits limits) {
        this.target = target.toAbsolutePath().normalize();
        this.limits = limits;
    }

    /** Unpacks {@code archive} into the existing, empty folder {@code target}. */
    public static void unpack(Path archive, Path target, UnpackLimits limits) throws IOException, PackageException {
        PackageArchive unpacking = new PackageArchive(target, limits);
        byte[] magic;
        try (InputStream in = Files.newInputStream(archive)) {
            magic = in.readNBytes(4);
        }
        try {
            if (begins(magic, 'P', 'K')) {
                unpacking.unzip(archive);
            } else {
                unpacking.untar(archive, magic);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new PackageException(
                    "the archive is damaged or not a tar.gz, tar.bz2, tar or zip: " + e.getMessage(), e);
        }
        if (unpacking.entries == 0) {
            throw new PackageException("the archive is empty");
        }
    }

    private void untar(Path archive, byte[] magic) throws IOException, PackageException {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(archive), 64 << 10);
                TarArchiveInputStream tar = new TarArchiveInputStream(decompressed(raw, magic))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                String name = entry.getName();
                count(name);
                if (entry.isSymbolicLink() || entry.isLink()) {
                    throw new PackageException("the archive holds a link, which is not allowed: " + shown(name) + " -> "
                            + shown(entry.getLinkName()));
                }
                if (entry.isDirectory()) {
                    makeFolder(name);
                } else if (isPlainFile(entry)) {
                    makeFile(name, tar, (entry.getMode() & 0100) != 0);
                } else {
                    throw new PackageException(
                            "the archive holds something that is neither file nor folder: " + shown(name));
                }
            }
        }
    }

    /** {@code isFile()} alone says yes to devices and pipes. */
    private static boolean isPlainFile(TarArchiveEntry entry) {
        boolean special = entry.isBlockDevice() || entry.isCharacterDevice() || entry.isFIFO() || entry.isSparse();
        return entry.isFile() && !special;
    }

    private void unzip(Path archive) throws IOException, PackageException {
        try (ZipFile zip = ZipFile.builder().setPath(archive).get()) {
            for (Enumeration<ZipArchiveEntry> all = zip.getEntries(); all.hasMoreElements(); ) {
                ZipArchiveEntry entry = all.nextElement();
                String name = entry.getName();
                count(name);
                if (entry.isUnixSymlink()) {
                    throw new PackageException("the archive holds a link, which is not allowed: " + shown(name));
                }
                if (entry.isDirectory()) {
                    makeFolder(name);
                } else {
                    try (InputStream in = zip.getInputStream(entry)) {
                        makeFile(name, in, (entry.getUnixMode() & 0100) != 0);
                    }
                }
            }
        }
    }

    private static InputStream decompressed(InputStream raw, byte[] magic) throws IOException {
        if (magic.length > 1 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b) {
            return GzipCompressorInputStream.builder()
                    .setInputStream(raw)
                    .setDecompressConcatenated(true)
                    .get();
        }
        return begins(magic, 'B', 'Z', 'h') ? new BZip2CompressorInputStream(raw, true) : raw;
    }

    private void count(String name) throws PackageException {
        if (++entries > limits.entries()) {
            throw new PackageException(
                    "the archive holds more than " + limits.entries() + " entries, the limit is at " + shown(name));
        }
    }

    private void makeFolder(String name) throws IOException, PackageException {
        Files.createDirectories(inside(name));
    }

    private void makeFile(String name, InputStream content, boolean executable) throws IOException, PackageException {
        Path file = inside(name);
        if (file.equals(target)) {
            throw new PackageException("the archive holds a file without a name");
        }
        Path parent = file.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            byte[] buffer = new byte[64 << 10];
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                bytes += read;
                if (bytes > limits.bytes()) {
                    throw new PackageException("the archive unpacks to more than " + limits.bytes()
                            + " bytes, the limit is reached in " + shown(name));
                }
                out.write(buffer, 0, read);
            }
        } catch (FileAlreadyExistsException e) {
            throw new PackageException("the archive holds " + shown(name) + " twice", e);
        }
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(
                    file, PosixFilePermissions.fromString(executable ? "rwx------" : "rw-------"));
        }
    }

    /** The place of an entry, which must lie inside the target whatever the name says. */
    private Path inside(String name) throws PackageException {
        boolean absolute = name.startsWith("/") || name.startsWith("\\") || name.matches("^[A-Za-z]:.*");
        boolean climbing = java.util.Arrays.asList(name.split("[/\\\\]", -1)).contains("..");
        if (absolute || climbing || name.indexOf('\0') >= 0 || name.indexOf('\\') >= 0) {
            throw new PackageException("the archive holds a name that leads outside of it: " + shown(name));
        }
        try {
            Path place = target.resolve(name).normalize();
            if (!place.startsWith(target)) {
                throw new PackageException("the archive holds a name that leads outside of it: " + shown(name));
            }
            return place;
        } catch (InvalidPathException e) {
            throw new PackageException("the archive holds a name that is not possible here: " + shown(name), e);
        }
    }

    private static boolean begins(byte[] magic, char... expected) {
        for (int i = 0; i < expected.length; i++) {
            if (magic.length <= i || magic[i] != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private static String shown(String name) {
        String cut = name.length() > 120 ? name.substring(0, 120) + "…" : name;
        return '"' + cut.replaceAll("\\p{Cntrl}", "?") + '"';
    }
}
