package io.foedus.agent.packages;

import io.foedus.packages.PackageArchive;
import io.foedus.packages.RefusedPackage;
import io.foedus.packages.UnpackLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Unpacks a package's archive into an empty folder. Files and folders are readable by the owner only; the owner's
 * execute bit is the only mode kept. On refusal the folder holds a part of the archive and is to be thrown away.
 */
final class Unpacking implements PackageArchive.Entries {
    private final Path target;

    private Unpacking(Path target) {
        this.target = target;
    }

    /** Unpacks {@code archive} into the existing, empty folder {@code target}. */
    static void unpack(Path archive, Path target, UnpackLimits limits) throws IOException, PackageException {
        try {
            PackageArchive.read(archive, limits, new Unpacking(target));
        } catch (RefusedPackage e) {
            throw new PackageException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void folder(String path) throws IOException {
        Files.createDirectories(target.resolve(path));
    }

    @Override
    public void file(String path, boolean executable, InputStream content) throws IOException {
        Path file = target.resolve(path);
        Path parent = file.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.copy(content, file);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(
                    file, PosixFilePermissions.fromString(executable ? "rwx------" : "rw-------"));
        }
    }
}
