package io.foedus.core.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelWriterTest {
    private static final ModelLayout LAYOUT = new ModelLayout(List.of(
            TensorSpec.of("a", DType.F32, 70_001),
            TensorSpec.of("none", DType.F64, 3, 0),
            TensorSpec.of("b", DType.U8, 200_003),
            TensorSpec.of("c", DType.F64)));

    @TempDir
    Path directory;

    private record Piece(int tensor, long first, ByteBuffer bytes) {}

    private static List<Piece> pieces(Random random) {
        List<Piece> pieces = new ArrayList<>();
        for (int tensor = 0; tensor < LAYOUT.tensors().size(); tensor++) {
            TensorSpec spec = LAYOUT.tensors().get(tensor);
            for (long first = 0; first < spec.elements(); ) {
                int count = (int) Math.min(1 + random.nextInt(20_000), spec.elements() - first);
                byte[] bytes = new byte[count * spec.dtype().bytes()];
                random.nextBytes(bytes);
                pieces.add(new Piece(tensor, first, ByteBuffer.wrap(bytes)));
                first += count;
            }
        }
        return pieces;
    }

    @ParameterizedTest
    @ValueSource(strings = {"npz", "safetensors"})
    void pieces_in_any_order_from_several_threads_make_the_same_sound_file(String format) throws Exception {
        Path inOrder = directory.resolve("in-order");
        Digest expected = write(inOrder, format, pieces(new Random(1)), 1);
        assertThat(expected).isEqualTo(Digest.of(inOrder));
        for (int seed = 0; seed < 10; seed++) {
            List<Piece> shuffled = pieces(new Random(1));
            Collections.shuffle(shuffled, new Random(seed));
            Path path = directory.resolve("shuffled");
            assertThat(write(path, format, shuffled, 1 + seed % 3))
                    .isEqualTo(expected)
                    .isEqualTo(Digest.of(path));
            try (ModelFile model = ModelFile.open(path)) {
                model.verifyChecksums();
                assertThat(model.layout()).isEqualTo(LAYOUT);
            }
        }
    }

    private static Digest write(Path path, String format, List<Piece> pieces, int threads) throws Exception {
        try (ModelWriter writer = ModelWriter.create(path, ModelFormats.byId(format), LAYOUT)) {
            List<Thread> running = new ArrayList<>();
            List<IOException> failures = Collections.synchronizedList(new ArrayList<>());
            for (int t = 0; t < threads; t++) {
                int own = t;
                Thread thread = new Thread(() -> {
                    ModelWriter.Slices slices = writer.slices();
                    try {
                        for (int i = own; i < pieces.size(); i += threads) {
                            Piece piece = pieces.get(i);
                            slices.writeBytes(piece.tensor, piece.first, piece.bytes);
                        }
                    } catch (IOException e) {
                        failures.add(e);
                    }
                });
                thread.start();
                running.add(thread);
            }
            for (Thread thread : running) {
                thread.join();
            }
            assertThat(failures).isEmpty();
            return writer.finish();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"npz", "safetensors"})
    void a_file_with_a_hole_is_not_finished_and_not_kept(String format) throws IOException {
        Path path = directory.resolve("holes");
        try (ModelWriter writer = ModelWriter.create(path, ModelFormats.byId(format), LAYOUT)) {
            ModelWriter.Slices slices = writer.slices();
            slices.write(0, 0, new double[70_001], 0, 70_001);
            slices.write(2, 1, new double[200_002], 0, 200_002);
            slices.write(3, 0, new double[1], 0, 1);
            assertThatThrownBy(writer::finish)
                    .isInstanceOf(IOException.class)
                    .hasMessage("the payload of tensor 'b' is not complete");
        }
        assertThat(path).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9, 10, 14, 15})
    void bytes_are_written_once(long second) throws IOException {
        try (ModelWriter writer = ModelWriter.create(directory.resolve("twice"), new NpzFormat(), LAYOUT)) {
            ModelWriter.Slices slices = writer.slices();
            slices.write(2, 5, new double[5], 0, 5);
            slices.write(2, 15, new double[5], 0, 5);
            double[] values = new double[6];
            assertThatThrownBy(() -> slices.write(2, second, values, 0, 6))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("are written twice");
        }
    }

    @Test
    void the_checksum_of_two_parts_is_that_of_the_whole() {
        Random random = new Random(3);
        for (int bytes : new int[] {0, 1, 2, 3, 255, 256, 65_536, 1_000_003}) {
            byte[] whole = new byte[bytes + 11];
            random.nextBytes(whole);
            assertThat(WrittenRuns.combine(crc(whole, 0, 11), crc(whole, 11, bytes), bytes))
                    .as("%d bytes", bytes)
                    .isEqualTo(crc(whole, 0, whole.length));
        }
    }

    private static int crc(byte[] bytes, int from, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }
}
