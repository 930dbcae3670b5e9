package io.foedus.controller.packages.control;

import io.foedus.controller.config.ControllerConfig.Limits;
import io.foedus.controller.refusals.Refusal;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Looks through an archive of unknown intent without writing anything: what it is, is told by its first bytes, not by
 * its name. Agents unpack by the same rules and refuse the same things; here the person who uploads learns of it first.
 */
final class ArchiveCheck {
    private static final int MOST_DESCRIPTOR_BYTES = 256 << 10;
    private static final int LONGEST_NAME = 1_000;
    private static final String DESCRIPTOR = "fedn.yaml";

    private final Limits limits;
    private final Set<String> files = new HashSet<>();
    private int entries;
    private long bytes;
    private String descriptorName;
    private byte[] descriptor;

    private ArchiveCheck(Limits limits) {
        this.limits = limits;
    }

    /**
     * The bytes of the archive's {@code fedn.yaml}.
     *
     * @throws Refusal naming the entry that is not acceptable and what to do
     */
    static byte[] descriptorIn(Path archive, Limits limits) throws IOException {
        var check = new ArchiveCheck(limits);
        byte[] magic;
        try (InputStream in = Files.newInputStream(archive)) {
            magic = in.readNBytes(3);
        }
        try {
            if (begins(magic, 'P', 'K')) {
                check.readZip(archive);
            } else if (begins(magic, 'B', 'Z', 'h') || begins(magic, 0x1f, 0x8b)) {
                check.readTar(archive, magic);
            } else {
                throw notAnArchive("it begins like none of these");
            }
        } catch (IOException | IllegalArgumentException e) {
            throw notAnArchive(shown(String.valueOf(e.getMessage())));
        }
        return Optional.ofNullable(check.descriptor)
                .orElseThrow(() -> Refusal.unacceptable(
                        "PACKAGE_WITHOUT_DESCRIPTOR",
                        "The archive has no fedn.yaml at its top or in a top folder.",
                        "Add fedn.yaml with entry_points, e.g. train: {command: python3 train.py}."));
    }

    private void readTar(Path archive, byte[] magic) throws IOException {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(archive), 64 << 10);
                InputStream plain = begins(magic, 'B', 'Z', 'h')
                        ? new BZip2CompressorInputStream(raw, true)
                        : new GzipCompressorInputStream(raw, true);
                TarArchiveInputStream tar = new TarArchiveInputStream(plain)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                String name = entry.getName();
                if (entry.isSymbolicLink() || entry.isLink()) {
                    throw unsafe(name, "is a link to " + shown(entry.getLinkName()));
                }
                if (!entry.isDirectory() && (!entry.isFile() || entry.isSparse())) {
                    throw unsafe(name, "is neither a file nor a folder");
                }
                take(name, entry.isDirectory(), tar);
            }
        }
        if (entries == 0) {
            throw notAnArchive("it has no entries");
        }
    }

    private void readZip(Path archive) throws IOException {
        try (ZipFile zip = ZipFile.builder().setPath(archive).get()) {
            for (Enumeration<ZipArchiveEntry> all = zip.getEntries(); all.hasMoreElements(); ) {
                ZipArchiveEntry entry = all.nextElement();
                if (entry.isUnixSymlink()) {
                    throw unsafe(entry.getName(), "is a link");
                }
                if (entry.getGeneralPurposeBit().usesEncryption()) {
                    throw unsafe(entry.getName(), "is encrypted");
                }
                try (InputStream content = zip.getInputStream(entry)) {
                    take(entry.getName(), entry.isDirectory(), content);
                }
            }
        }
    }

    private void take(String name, boolean folder, InputStream content) throws IOException {
        if (++entries > limits.packageEntries()) {
            throw tooLarge(
                    "has more than " + limits.packageEntries() + " entries; the first too many is " + shown(name));
        }
        String path = safe(name);
        if (folder) {
            return;
        }
        if (path.isEmpty() || !files.add(path)) {
            throw unsafe(name, path.isEmpty() ? "is a file without a name" : "is there twice");
        }
        if (isBetterDescriptor(path)) {
            descriptorName = path;
            descriptor = content.readNBytes(MOST_DESCRIPTOR_BYTES + 1);
            bytes += descriptor.length;
            if (descriptor.length > MOST_DESCRIPTOR_BYTES) {
                throw tooLarge("has a fedn.yaml of more than " + MOST_DESCRIPTOR_BYTES + " bytes");
            }
        }
        byte[] buffer = new byte[64 << 10];
        for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
            bytes += read;
            if (bytes > limits.unpackedBytes()) {
                throw tooLarge("unpacks to more than " + limits.unpackedBytes() + " bytes; the limit is reached in "
                        + shown(name));
            }
        }
    }

    /** The one at the top counts; else that in the alphabetically first top folder, as agents choose. */
    private boolean isBetterDescriptor(String path) {
        if (path.equals(DESCRIPTOR)) {
            return true;
        }
        boolean inTopFolder = path.endsWith("/" + DESCRIPTOR) && path.indexOf('/') == path.lastIndexOf('/');
        return inTopFolder
                && !DESCRIPTOR.equals(descriptorName)
                && (descriptorName == null || path.compareTo(descriptorName) < 0);
    }

    /** The name without {@code .} and empty segments, if it stays inside whatever folder it is unpacked into. */
    private static String safe(String name) {
        if (name.length() > LONGEST_NAME) {
            throw unsafe(name, "has a name of more than " + LONGEST_NAME + " characters");
        }
        if (name.startsWith("/") || name.matches("^[A-Za-z]:.*")) {
            throw unsafe(name, "is an absolute path");
        }
        if (name.indexOf('\\') >= 0 || name.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
            throw unsafe(name, "has a backslash or control character in its name");
        }
        var segments = Arrays.asList(name.split("/"));
        if (segments.contains("..")) {
            throw unsafe(name, "leads out of the archive");
        }
        return segments.stream()
                .filter(segment -> !segment.isEmpty() && !segment.equals("."))
                .reduce((left, right) -> left + "/" + right)
                .orElse("");
    }

    private static boolean begins(byte[] magic, int... expected) {
        for (int i = 0; i < expected.length; i++) {
            if (magic.length <= i || (magic[i] & 0xff) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private static Refusal unsafe(String name, String what) {
        return Refusal.unacceptable(
                        "PACKAGE_ENTRY_UNSAFE",
                        "The entry " + shown(name) + " " + what + ".",
                        "Pack only plain files and folders under relative names, then upload again.")
                .with("entry", name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name);
    }

    private static Refusal tooLarge(String what) {
        return Refusal.unacceptable(
                "PACKAGE_UNPACKS_TOO_LARGE",
                "The archive " + what + ".",
                "Leave data and environments out of the package, or ask the operator to raise foedus.limits.package-….");
    }

    private static Refusal notAnArchive(String why) {
        return Refusal.unacceptable(
                "NOT_A_PACKAGE",
                "This is not a readable tar.gz, tgz, tar.bz2 or zip: " + why + ".",
                "Pack the folder that holds fedn.yaml, e.g. with 'foedus package create' or 'tar czf package.tgz client'.");
    }

    private static String shown(String name) {
        String cut = name.length() > 120 ? name.substring(0, 120) + "…" : name;
        return "'" + cut.replaceAll("\\p{Cntrl}", "?") + "'";
    }
}
