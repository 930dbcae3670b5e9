package io.foedus.launcher.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedUpdateTest {
    @TempDir
    Path folder;

    @Test
    void an_update_is_a_model_of_the_seeds_layout_with_the_digest_it_tells() throws IOException {
        byte[] seed = FlatModel.zeros(1000);
        SimulatedUpdate update = new SimulatedUpdate.Common(seed).of(7, 3);
        Path file = Files.write(folder.resolve("update"), whole(update).toByteArray());
        Path model = Files.write(folder.resolve("seed"), seed);

        assertThat(Digest.of(file).hex()).isEqualTo(update.digest());
        try (ModelFile one = ModelFile.open(file);
                ModelFile other = ModelFile.open(model)) {
            assertThat(one.layout()).isEqualTo(other.layout());
            assertThat(one.layout().elements()).isEqualTo(1000);
        }
    }

    @Test
    void clients_and_rounds_have_updates_of_their_own() {
        SimulatedUpdate.Common common = new SimulatedUpdate.Common(FlatModel.zeros(10));
        assertThat(common.of(1, 1).digest())
                .isEqualTo(common.of(1, 1).digest())
                .isNotEqualTo(common.of(2, 1).digest())
                .isNotEqualTo(common.of(1, 2).digest());
    }

    private static ByteString whole(SimulatedUpdate update) {
        ByteString bytes = ByteString.EMPTY;
        while (bytes.size() < update.size()) {
            bytes = bytes.concat(update.slice(bytes.size(), 100));
        }
        return bytes;
    }
}
