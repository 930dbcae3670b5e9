package io.foedus.core.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnmarkedFormatTest {
    @TempDir
    Path folder;

    @Test
    void a_file_without_a_mark_is_read_as_what_is_expected() throws Exception {
        Path raw = Files.write(folder.resolve("weights"), new byte[80]);
        try (ModelFile model = ModelFile.openExpecting(ModelFormats.byId("raw"), raw)) {
            assertThat(model.layout().elements()).isEqualTo(10);
        }
        assertThatThrownBy(() -> ModelFile.openExpecting(ModelFormats.byId("npz"), raw))
                .isInstanceOf(MalformedModelException.class);
    }

    @Test
    void a_marked_file_tells_its_format_whichever_marked_one_is_expected() throws Exception {
        Path file = folder.resolve("model");
        ModelLayout layout = new ModelLayout(java.util.List.of(TensorSpec.of("0", DType.F32, 3)));
        try (ModelWriter writer = ModelWriter.create(file, ModelFormats.byId("safetensors"), layout)) {
            writer.slices().write(0, 0, new double[] {1, 2, 3}, 0, 3);
            writer.finish();
        }
        try (ModelFile model = ModelFile.openExpecting(ModelFormats.byId("npz"), file)) {
            assertThat(model.format().id()).isEqualTo("safetensors");
        }
    }

    @Test
    void a_raw_seed_and_raw_updates_are_admitted_where_raw_is_expected() throws Exception {
        Path raw = Files.write(folder.resolve("weights"), new byte[80]);
        Admission seed = Admission.ofSeed(1000).expecting(ModelFormats.byId("raw"));
        assertThat(seed.judge(raw, Optional.empty(), Optional.empty(), Optional.empty()))
                .isInstanceOf(AdmissionResult.Accepted.class);
        try (ModelFile base = ModelFile.open(raw, ModelFormats.byId("raw"))) {
            Admission update = Admission.to(base.layout()).expecting(base.format());
            assertThat(update.judge(raw, 80, Digest.of(raw), Optional.empty()))
                    .isInstanceOf(AdmissionResult.Accepted.class);
        }
    }
}
