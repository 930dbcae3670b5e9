package io.foedus.launcher.database;

import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.launcher.processes.UnpackedOnce;
import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs, unpacked.
 *
 * @param home directory with {@code bin}, {@code lib} and {@code share}
 */
public record PostgresBinaries(Path home) {
    /** Unpacks the programs for this machine into {@code cache}, the first time. */
    public static PostgresBinaries unpacked(Path cache) {
        return new PostgresBinaries(UnpackedOnce.at(cache.resolve("postgresql"), PostgresBinaries::unpack));
    }

    /** A command line that runs one of the programs, as nobody where this program runs as root. */
    public List<String> command(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            if (!LinuxUtils.isUnshareAvailable()) {
                throw new Failure(
                        ExitCode.CONFIGURATION,
                        "PostgreSQL does not run as root, and this machine gives root no user namespaces (unshare -U)",
                        "Run foedus as another user, or name a PostgreSQL with FOEDUS_DB_URL, FOEDUS_DB_USER and"
                                + " FOEDUS_DB_PASSWORD.");
            }
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(home.resolve("bin").resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private static void unpack(Path directory) throws IOException {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "Darwin" : "Linux";
        String hardware = System.getProperty("os.arch");
        try (InputStream packed = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, hardware);
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(packed))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = directory.resolve(entry.getName()).normalize();
                if (!target.startsWith(directory)) {
                    throw new IOException("entry outside the archive: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(java.util.Objects.requireNonNull(target.getParent()));
                    place(tar, entry, target);
                }
            }
        } catch (IllegalStateException e) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    "there are no PostgreSQL programs for " + system + " on " + hardware,
                    "Name a PostgreSQL with FOEDUS_DB_URL, FOEDUS_DB_USER and FOEDUS_DB_PASSWORD.",
                    e);
        }
    }

    private static void place(TarArchiveInputStream tar, TarArchiveEntry entry, Path target) throws IOException {
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
            throw new IOException("hard link in the archive: " + entry.getName());
        } else {
            Files.copy(tar, target);
            if ((entry.getMode() & 0100) != 0 && !target.toFile().setExecutable(true, false)) {
                throw new IOException("cannot make executable: " + target);
            }
        }
    }
}
