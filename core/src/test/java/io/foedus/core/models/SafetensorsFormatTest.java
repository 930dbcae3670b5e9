package io.foedus.core.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsFormatTest {
    @TempDir
    Path directory;

    @Test
    void reads_what_the_safetensors_package_wrote_to_the_last_byte() throws IOException {
        Map<String, Golden.Tensor> expected = new HashMap<>();
        Golden.tensors("every-dtype.safetensors")
                .forEach(t -> expected.put(t.spec().name(), t));
        try (ModelFile model = ModelFile.open(Golden.file("every-dtype.safetensors"))) {
            assertThat(model.format().id()).isEqualTo("safetensors");
            assertThat(model.metadata()).isEqualTo(Map.of("format", "np", "note", "golden"));
            assertThat(model.layout().tensors()).hasSize(expected.size());
            for (int i = 0; i < expected.size(); i++) {
                TensorSpec spec = model.layout().tensors().get(i);
                Golden.Tensor tensor = Objects.requireNonNull(expected.get(spec.name()), spec.name());
                assertThat(spec).isEqualTo(tensor.spec());
                assertThat(Golden.bytes(model, i)).isEqualTo(tensor.bytes());
            }
        }
    }

    @Test
    void what_is_written_reads_back_with_its_metadata_and_aligned_payload() throws IOException {
        List<Golden.Tensor> tensors = Golden.tensors("fedn-pytorch.npz").stream()
                .sorted(Comparator.comparing((Golden.Tensor t) -> t.spec().name()))
                .toList();
        Path file = directory.resolve("m.safetensors");
        ModelLayout layout =
                new ModelLayout(tensors.stream().map(Golden.Tensor::spec).toList());
        try (ModelWriter writer =
                ModelWriter.create(file, new SafetensorsFormat(), layout, Map.of("a", "ä", "b", "\"quoted\""))) {
            for (int i = 0; i < tensors.size(); i++) {
                writer.slices().writeBytes(i, 0, ByteBuffer.wrap(tensors.get(i).bytes()));
            }
            writer.finish();
        }
        try (ModelFile model = ModelFile.open(file)) {
            assertThat(model.layout()).isEqualTo(layout);
            assertThat(model.metadata()).isEqualTo(Map.of("a", "ä", "b", "\"quoted\""));
            assertThat(model.stored().get(0).offset() % 8).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1000000000],\"data_offsets\":[0,4000000000]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,4],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,-4]}}",
                "{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[8],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2.5],\"data_offsets\":[0,8]}}",
                "{\"a\":[]}",
                "{\"a\":",
                "{}",
            })
    void a_header_that_lies_is_refused(String header) throws IOException {
        Path file = directory.resolve("bad.safetensors");
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + 8).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(text.length).put(text);
        Files.write(file, bytes.array());
        assertThatThrownBy(() -> ModelFile.open(file, new SafetensorsFormat()).close())
                .isInstanceOf(MalformedModelException.class);
    }

    @Test
    void raw_files_are_read_when_they_are_named_and_hold_one_dtype() throws IOException {
        Path file = directory.resolve("weights.bin");
        ModelLayout layout =
                new ModelLayout(List.of(TensorSpec.of("a", DType.F64, 2), TensorSpec.of("b", DType.F64, 1)));
        ModelFormat raw = ModelFormats.byId("raw");
        try (ModelWriter writer = ModelWriter.create(file, raw, layout)) {
            writer.slices().write(0, 0, new double[] {1, 2}, 0, 2);
            writer.slices().write(1, 0, new double[] {3}, 0, 1);
            writer.finish();
        }
        assertThat(Files.size(file)).isEqualTo(24);
        assertThatThrownBy(() -> ModelFile.open(file)).hasMessageContaining("is not a model");
        try (ModelFile model = ModelFile.open(file, raw);
                TensorReader reader = model.reader(0)) {
            double[] values = new double[3];
            reader.read(0, values, 0, 3);
            assertThat(values).containsExactly(1, 2, 3);
        }
        assertThatThrownBy(() -> ModelFormats.byId("raw32").plan(layout, Map.of()))
                .hasMessage("raw32 holds f32 values only, tensor 'a' is f64");
        Files.write(file, new byte[9]);
        assertThatThrownBy(() -> ModelFile.open(file, raw)).hasMessageContaining("no whole number of f64 values");
        assertThatThrownBy(() -> ModelFormats.byId("h5"))
                .hasMessageContaining("known are npz, raw, raw32, safetensors");
    }
}
