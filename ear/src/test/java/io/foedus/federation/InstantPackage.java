package io.foedus.federation;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A compute package that needs a shell only and trains in milliseconds; {@code instant.sh} says what a {@link Site} can
 * make it do.
 */
public final class InstantPackage {
    /** Number of values in its models. */
    public static final int VALUES = 16;

    private InstantPackage() {}

    /** Writes the archive. */
    public static Path archive(Path file) {
        return archive(file, Map.of("fedn.yaml", resource("fedn.yaml"), "instant.sh", resource("instant.sh")));
    }

    /** Writes an archive of any content; the same content gives the same bytes. */
    public static Path archive(Path file, Map<String, String> entries) {
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, String> entry : new TreeMap<>(entries).entrySet()) {
                ZipEntry header = new ZipEntry(entry.getKey());
                header.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
                zip.putNextEntry(header);
                zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String resource(String name) {
        try (InputStream stream = InstantPackage.class.getResourceAsStream("/instant/" + name)) {
            return new String(java.util.Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
