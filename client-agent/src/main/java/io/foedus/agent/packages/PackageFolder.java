package io.foedus.agent.packages;

import io.foedus.core.models.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

/**
 * Makes the archive of a compute package from its folder: a tar.gz without a top folder, entries in the order of their
 * names, without times and owners, so that the same files make the same bytes.
 */
public final class PackageFolder {
    private PackageFolder() {}

    /**
     * An archive that was made.
     *
     * @param entryPoints commands that its {@code fedn.yaml} names
     */
    public record Packed(int files, long size, String digest, Set<String> entryPoints) {
        public Packed {
            entryPoints = java.util.Collections.unmodifiableSet(new TreeSet<>(entryPoints));
        }
    }

    /**
     * Packs a folder; what its {@code .fednignore} names stays out.
     *
     * @throws PackageException if an agent would refuse the package
     */
    public static Packed pack(Path folder, Path archive) throws IOException, PackageException {
        if (!Files.isDirectory(folder)) {
            throw new PackageException("there is no such folder");
        }
        if (!Files.isRegularFile(folder.resolve("fedn.yaml"))) {
            throw new PackageException("it has no fedn.yaml; add one that names the commands under entry_points");
        }
        PackageDescriptor descriptor = PackageDescriptor.find(folder);
        List<Path> files = files(folder, archive.toAbsolutePath().normalize());
        Path part = archive.resolveSibling(archive.getFileName() + ".part");
        try (OutputStream file = Files.newOutputStream(part);
                GzipCompressorOutputStream gzip = new GzipCompressorOutputStream(file, new GzipParameters());
                TarArchiveOutputStream tar = new TarArchiveOutputStream(gzip, "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            for (Path relative : files) {
                add(tar, folder, relative);
            }
        }
        Files.move(part, archive, StandardCopyOption.REPLACE_EXISTING);
        return new Packed(
                files.size(),
                Files.size(archive),
                Digest.of(archive).hex(),
                descriptor.commands().keySet());
    }

    private static void add(TarArchiveOutputStream tar, Path folder, Path relative) throws IOException {
        Path file = folder.resolve(relative);
        TarArchiveEntry entry = new TarArchiveEntry(relative.toString().replace('\\', '/'));
        entry.setSize(Files.size(file));
        entry.setMode(Files.isExecutable(file) ? 0755 : 0644);
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        Files.copy(file, tar);
        tar.closeArchiveEntry();
    }

    private static List<Path> files(Path folder, Path archive) throws IOException, PackageException {
        IgnoreRules rules = IgnoreRules.of(folder);
        List<Path> files = new ArrayList<>();
        List<Path> links = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                boolean out = !directory.equals(folder) && rules.leaveOut(folder.relativize(directory), true);
                return out ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                Path relative = folder.relativize(file);
                if (!rules.leaveOut(relative, false)
                        && !file.toAbsolutePath().normalize().equals(archive)) {
                    (attributes.isRegularFile() ? files : links).add(relative);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        if (!links.isEmpty()) {
            throw new PackageException(
                    "\"" + links.get(0) + "\" is a link or no plain file, which agents refuse; name it in "
                            + IgnoreRules.FILE + " or replace it by what it points to");
        }
        files.sort(java.util.Comparator.comparing(Path::toString));
        return files;
    }
}
