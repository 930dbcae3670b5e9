package io.foedus.combiner.uplink.control;

import io.foedus.combiner.json.Json;
import io.foedus.core.exchange.Membership;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * Who this combiner is, kept over restarts: {@code identity.json} in the spool, readable by its owner only, replaced
 * atomically.
 */
public final class IdentityFile {
    private final Path file;

    public IdentityFile(Path spool) {
        this.file = spool.resolve("identity.json");
    }

    /** @throws IOException if there is a file that cannot be used; it is left for the operator to look at */
    public Optional<Membership> read() throws IOException {
        return Files.exists(file) ? Optional.of(Json.read(Files.readString(file), Membership.class)) : Optional.empty();
    }

    void write(Membership membership) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path fresh = file.resolveSibling("identity.json.new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            channel.write(ByteBuffer.wrap(Json.write(membership).getBytes(StandardCharsets.UTF_8)));
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
