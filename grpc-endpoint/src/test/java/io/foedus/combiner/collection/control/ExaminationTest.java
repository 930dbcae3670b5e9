package io.foedus.combiner.collection.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.core.exchange.Order;
import io.foedus.core.models.DType;
import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelFormats;
import io.foedus.core.models.ModelLayout;
import io.foedus.core.models.ModelWriter;
import io.foedus.core.models.TensorReader;
import io.foedus.core.models.TensorSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExaminationTest {
    @TempDir
    Path directory;

    private Path model(String name, double first) throws IOException {
        Path file = directory.resolve(name);
        ModelLayout layout = new ModelLayout(List.of(TensorSpec.of("w", DType.F32, 3)));
        try (ModelWriter writer = ModelWriter.create(file, ModelFormats.byId("npz"), layout)) {
            writer.slices().write(0, 0, new double[] {first, 2, 3}, 0, 3);
            writer.finish();
        }
        return file;
    }

    private Path deflated(Path npz) throws IOException {
        Path copy = directory.resolve("deflated");
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

    @Test
    void a_deflated_update_is_unpacked_for_the_fold_and_no_other_leaves_a_copy() throws IOException {
        Path base = model("base", 0);
        Examination rules = Examination.against(base, new Order.Model(UUID.randomUUID(), "", Files.size(base), "npz"));
        Path unpacked = directory.resolve("unpacked");
        Path deflated = deflated(model("update", 7));

        assertThat(rules.judge(
                                deflated,
                                Files.size(deflated),
                                Digest.of(deflated).hex(),
                                unpacked)
                        .refusal())
                .isEmpty();
        try (ModelFile copy = ModelFile.open(unpacked);
                TensorReader reader = copy.reader(0)) {
            assertThat(copy.deflated()).isFalse();
            double[] values = new double[3];
            reader.read(0, values, 0, 3);
            assertThat(values).containsExactly(7, 2, 3);
        }

        Path stored = model("stored", 8);
        assertThat(rules.judge(stored, Files.size(stored), Digest.of(stored).hex(), unpacked)
                        .refusal())
                .isEmpty();
        assertThat(unpacked).doesNotExist();

        Path infinite = deflated(model("infinite", Double.NaN));
        assertThat(rules.judge(
                                infinite,
                                Files.size(infinite),
                                Digest.of(infinite).hex(),
                                unpacked)
                        .refusal())
                .isPresent();
        assertThat(unpacked).doesNotExist();

        Path nowhere = directory.resolve("nowhere").resolve("unpacked");
        assertThat(rules.judge(
                                deflated(stored),
                                Files.size(deflated),
                                Digest.of(deflated(stored)).hex(),
                                nowhere)
                        .refusal())
                .isEmpty();
    }
}
