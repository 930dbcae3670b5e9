package io.foedus.core.aggregation;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Re-packs an npz with deflated members, as FEDn's helpers do. */
public final class Deflated {
    private Deflated() {}

    public static Path copyOf(Path npz) throws IOException {
        Path copy = npz.resolveSibling("deflated-" + npz.getFileName());
        try (InputStream in = Files.newInputStream(npz);
                ZipInputStream members = new ZipInputStream(in);
                OutputStream out = Files.newOutputStream(copy);
                ZipOutputStream packed = new ZipOutputStream(out)) {
            for (ZipEntry member = members.getNextEntry(); member != null; member = members.getNextEntry()) {
                packed.putNextEntry(new ZipEntry(member.getName()));
                members.transferTo(packed);
            }
        }
        return copy;
    }
}
