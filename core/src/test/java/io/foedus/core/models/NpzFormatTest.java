package io.foedus.core.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpzFormatTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "every-dtype.npz",
                "every-dtype-deflated.npz",
                "orders.npz",
                "orders-deflated.npz",
                "fedn-keras.npz",
                "fedn-pytorch.npz",
                "pytorch.npz",
                "names.npz",
                "none.npz",
                "streamed.npz"
            })
    void reads_what_numpy_wrote_to_the_last_byte(String name) throws IOException {
        List<Golden.Tensor> expected = Golden.tensors(name);
        try (ModelFile model = ModelFile.open(Golden.file(name))) {
            assertThat(model.format().id()).isEqualTo("npz");
            assertThat(model.layout().tensors())
                    .isEqualTo(expected.stream().map(Golden.Tensor::spec).toList());
            for (int i = 0; i < expected.size(); i++) {
                assertThat(Golden.bytes(model, i))
                        .as(name + " " + i)
                        .isEqualTo(expected.get(i).bytes());
            }
            model.verifyChecksums();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"every-dtype.npz", "names.npz", "none.npz"})
    void writes_the_very_file_that_numpy_savez_writes(String name) throws IOException {
        Path written = directory.resolve("written.npz");
        Golden.write(written, new NpzFormat(), Golden.tensors(name));
        assertThat(written).hasBinaryContent(Files.readAllBytes(Golden.file(name)));
    }

    @Test
    void a_written_file_reads_back_the_same_whatever_order_the_original_had() throws IOException {
        Path written = directory.resolve("written.npz");
        Golden.write(written, new NpzFormat(), Golden.tensors("orders.npz"));
        try (ModelFile model = ModelFile.open(written)) {
            model.verifyChecksums();
            for (int i = 0; i < model.layout().tensors().size(); i++) {
                assertThat(Golden.bytes(model, i))
                        .isEqualTo(Golden.tensors("orders.npz").get(i).bytes());
            }
        }
    }
}
