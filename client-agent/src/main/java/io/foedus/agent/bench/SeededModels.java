package io.foedus.agent.bench;

import io.foedus.core.models.DType;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelFormat;
import io.foedus.core.models.ModelFormats;
import io.foedus.core.models.ModelLayout;
import io.foedus.core.models.ModelWriter;
import io.foedus.core.models.TensorSpec;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Model files of seeded numbers: 25 float32 tensors (1 for raw32) of a bell-shaped distribution with deviation 0.05,
 * which deflate as little as real weights do; named by number, as the helpers of FEDn want them. A file that is there
 * already is used again.
 */
final class SeededModels {
    private static final int TENSORS = 25;

    private final Path directory;
    private final boolean deflated;
    private final ModelFormat format;
    private final ModelLayout layout;
    private final String prefix;

    SeededModels(Path directory, String format, int sizeMb) {
        this.directory = directory;
        this.deflated = format.equals("npz-deflated");
        this.format = ModelFormats.byId(deflated ? "npz" : format);
        this.prefix = format + "-" + sizeMb + "mb-";
        int tensors = format.equals("raw32") ? 1 : TENSORS;
        List<TensorSpec> specs = new ArrayList<>();
        for (int i = 0; i < tensors; i++) {
            specs.add(TensorSpec.of(String.valueOf(i), DType.F32, sizeMb * 250_000L / tensors));
        }
        this.layout = new ModelLayout(specs);
    }

    ModelFile open(Path file) throws IOException {
        return ModelFile.open(file, format);
    }

    Path make(int number) throws IOException {
        Path file = directory.resolve(prefix + number + format.suffix());
        if (Files.exists(file)) {
            return file;
        }
        Path part = directory.resolve(prefix + number + ".part");
        write(part, new SplittableRandom(number));
        if (deflated) {
            deflate(part);
        }
        return Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private void write(Path file, SplittableRandom random) throws IOException {
        double[] values = new double[8192];
        try (ModelWriter writer = ModelWriter.create(file, format, layout)) {
            ModelWriter.Slices slices = writer.slices();
            for (int tensor = 0; tensor < layout.tensors().size(); tensor++) {
                long elements = layout.tensors().get(tensor).elements();
                for (long first = 0; first < elements; first += values.length) {
                    int count = (int) Math.min(values.length, elements - first);
                    for (int i = 0; i < count; i++) {
                        // three uniform numbers make a bell that is close enough, and quick; variance 3/12
                        values[i] = (random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5) * 0.1;
                    }
                    slices.write(tensor, first, values, 0, count);
                }
            }
            writer.finish();
        }
    }

    private static void deflate(Path stored) throws IOException {
        Path packed = stored.resolveSibling(stored.getFileName() + ".zip");
        try (InputStream in = new BufferedInputStream(Files.newInputStream(stored), 1 << 16);
                ZipInputStream members = new ZipInputStream(in);
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(packed), 1 << 16);
                ZipOutputStream archive = new ZipOutputStream(out)) {
            for (ZipEntry member = members.getNextEntry(); member != null; member = members.getNextEntry()) {
                archive.putNextEntry(new ZipEntry(member.getName()));
                members.transferTo(archive);
            }
        }
        Files.move(packed, stored, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Deletes a directory of ours with its files. */
    static void clear(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
