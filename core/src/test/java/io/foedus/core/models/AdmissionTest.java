package io.foedus.core.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.foedus.core.models.AdmissionResult.Accepted;
import io.foedus.core.models.AdmissionResult.Code;
import io.foedus.core.models.AdmissionResult.Rejected;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionTest {
    private static final ModelLayout LAYOUT =
            new ModelLayout(List.of(TensorSpec.of("w", DType.F32, 2, 2), TensorSpec.of("n", DType.I64)));

    @TempDir
    Path directory;

    private Path file(String name, ModelLayout layout, double... values) throws IOException {
        Path path = directory.resolve(name);
        try (ModelWriter writer = ModelWriter.create(path, new NpzFormat(), layout)) {
            int at = 0;
            for (int i = 0; i < layout.tensors().size(); i++) {
                int count = (int) layout.tensors().get(i).elements();
                writer.slices().write(i, 0, values, at, count);
                at += count;
            }
            writer.finish();
        }
        return path;
    }

    private static AdmissionResult judge(Admission admission, Path file) throws IOException {
        return admission.judge(file, Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static void assertRejected(AdmissionResult result, Code code, String words) {
        assertThat(result.accepted()).isFalse();
        assertThat(((Rejected) result).code()).isEqualTo(code);
        assertThat(((Rejected) result).reason()).contains(words);
    }

    @Test
    void a_good_update_is_accepted_with_its_digest_and_norm() throws IOException {
        Path update = file("u.npz", LAYOUT, 1, 2, 3, 4, 1000);
        AdmissionResult result = Admission.to(LAYOUT)
                .judge(update, Optional.of(Files.size(update)), Optional.of(Digest.of(update)), Optional.empty());
        assertThat(result.accepted()).isTrue();
        Accepted accepted = (Accepted) result;
        assertThat(accepted.digest()).isEqualTo(Digest.of(update));
        assertThat(accepted.elements()).isEqualTo(5);
        assertThat(accepted.norm()).isEqualTo(Math.sqrt(30), within(1e-6));
    }

    @Test
    void the_norm_is_that_of_the_difference_where_the_global_model_is_given() throws IOException {
        Path update = file("u.npz", LAYOUT, 1, 2, 3, 4, 1000);
        try (ModelFile global = ModelFile.open(file("g.npz", LAYOUT, 1, 2, 3, 1, 0))) {
            Admission band = Admission.to(LAYOUT).withNormBand(1, 3);
            assertThat(band.judge(update, Optional.empty(), Optional.empty(), Optional.of(global))
                            .accepted())
                    .isTrue();
            assertRejected(
                    Admission.to(LAYOUT)
                            .withNormBand(0, 2.9)
                            .judge(update, Optional.empty(), Optional.empty(), Optional.of(global)),
                    Code.NORM,
                    "the update's norm is 3.00000, accepted are 0.00000 to 2.90000");
            assertRejected(
                    band.judge(global.path(), Optional.empty(), Optional.empty(), Optional.of(global)),
                    Code.NORM,
                    "the update's norm is 0.00000");
        }
    }

    @Test
    void more_members_than_a_model_may_have_are_refused_by_their_number_before_any_is_looked_at() throws IOException {
        assertRejected(
                judge(Admission.ofSeed(1 << 30), withMembers(20_001)),
                Code.MALFORMED,
                "has 20001 members, more than the 20000");
        int tooMany = 2 * LAYOUT.tensors().size() + 17;
        assertRejected(
                judge(Admission.to(LAYOUT), withMembers(tooMany)),
                Code.MALFORMED,
                "has " + tooMany + " members, more than the ");
    }

    /** No arrays: whoever looks at the first complains of its name. */
    private Path withMembers(int members) throws IOException {
        Path file = directory.resolve("many.npz");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (int i = 0; i < members; i++) {
                zip.putNextEntry(new ZipEntry("t" + i));
                zip.closeEntry();
            }
        }
        return file;
    }

    @Test
    void more_dimensions_than_numpy_has_are_refused() throws IOException {
        Path file = directory.resolve("deep.npz");
        String dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + "1,".repeat(9_000) + "), }\n";
        ByteBuffer array = ByteBuffer.allocate(10 + dictionary.length() + 4).order(ByteOrder.LITTLE_ENDIAN);
        array.put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1)
                .put((byte) 0);
        array.putShort((short) dictionary.length()).put(dictionary.getBytes(StandardCharsets.US_ASCII));
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("w.npy"));
            zip.write(array.array());
            zip.closeEntry();
        }
        assertRejected(
                judge(Admission.ofSeed(1 << 30), file),
                Code.MALFORMED,
                "tensor w has 9000 dimensions, at most 64 are possible");
    }

    @Test
    void a_value_that_sums_could_overflow_with_is_named_by_tensor_and_index() throws IOException {
        ModelLayout doubles = new ModelLayout(List.of(TensorSpec.of("w", DType.F64, 3)));
        assertRejected(
                judge(Admission.to(doubles), doubles("large.npz", doubles, 1, -1e308, 3)),
                Code.OUT_OF_SCALE,
                "tensor 'w' has the value -1.0E308 at index 1; only values below 2^480");
        assertRejected(
                judge(Admission.to(doubles), doubles("bound.npz", doubles, 1, 2, 0x1p480)),
                Code.OUT_OF_SCALE,
                "at index 2");
        assertThat(judge(Admission.to(doubles), doubles("within.npz", doubles, 1, 2, Math.nextDown(0x1p480)))
                        .accepted())
                .isTrue();
        ModelLayout floats = new ModelLayout(List.of(TensorSpec.of("w", DType.F32, 3)));
        assertThat(judge(Admission.to(floats), doubles("floats.npz", floats, 1, Float.MAX_VALUE, -Float.MAX_VALUE))
                        .accepted())
                .isTrue();
    }

    private Path doubles(String name, ModelLayout layout, double... values) throws IOException {
        Path path = directory.resolve(name);
        try (ModelWriter writer = ModelWriter.create(path, ModelFormats.byId("npz"), layout)) {
            writer.slices().write(0, 0, values, 0, values.length);
            writer.finish();
        }
        return path;
    }

    @Test
    void a_nan_or_an_infinity_is_named_by_tensor_and_index() throws IOException {
        assertRejected(
                judge(Admission.to(LAYOUT), file("nan.npz", LAYOUT, 1, 2, Double.NaN, 4, 0)),
                Code.NOT_FINITE,
                "tensor 'w' has the value NaN or infinity at index 2");
        assertRejected(
                judge(Admission.to(LAYOUT), file("inf.npz", LAYOUT, Double.NEGATIVE_INFINITY, 2, 3, 4, 0)),
                Code.NOT_FINITE,
                "index 0");
    }

    @Test
    void another_layout_is_explained() throws IOException {
        Admission admission = Admission.to(LAYOUT);
        ModelLayout shape = new ModelLayout(List.of(TensorSpec.of("w", DType.F32, 4), TensorSpec.of("n", DType.I64)));
        assertRejected(
                judge(admission, file("a.npz", shape, 1, 2, 3, 4, 0)),
                Code.LAYOUT,
                "tensor 0 'w' has shape (4), expected (2, 2)");
        ModelLayout dtype =
                new ModelLayout(List.of(TensorSpec.of("w", DType.F32, 2, 2), TensorSpec.of("n", DType.F64)));
        assertRejected(
                judge(admission, file("b.npz", dtype, 1, 2, 3, 4, 0)),
                Code.LAYOUT,
                "tensor 1 'n' has dtype f64, expected i64");
        ModelLayout order =
                new ModelLayout(List.of(TensorSpec.of("n", DType.I64), TensorSpec.of("w", DType.F32, 2, 2)));
        assertRejected(
                judge(admission, file("c.npz", order, 0, 1, 2, 3, 4)),
                Code.LAYOUT,
                "tensor 0 is named 'n', expected 'w' (the names are in another order)");
        ModelLayout fewer = new ModelLayout(List.of(TensorSpec.of("w", DType.F32, 2, 2)));
        assertRejected(judge(admission, file("d.npz", fewer, 1, 2, 3, 4)), Code.LAYOUT, "the first one missing is 'n'");
        ModelLayout small = new ModelLayout(List.of(TensorSpec.of("w", DType.F32)));
        assertRejected(
                judge(Admission.to(small).withMaxFileBytes(1 << 20), file("e.npz", LAYOUT, 1, 2, 3, 4, 0)),
                Code.MALFORMED,
                "more than the 8 allowed");
    }

    @Test
    void size_digest_and_kind_of_file_are_checked_first() throws IOException {
        Path update = file("u.npz", LAYOUT, 1, 2, 3, 4, 0);
        Admission admission = Admission.to(LAYOUT);
        assertRejected(
                admission.judge(update, Optional.of(1L), Optional.empty(), Optional.empty()),
                Code.DECLARATION,
                "1 were announced");
        assertRejected(
                admission.judge(update, Optional.empty(), Optional.of(Digest.of(new byte[0])), Optional.empty()),
                Code.DECLARATION,
                "the file's SHA-256 is");
        assertRejected(judge(admission.withMaxFileBytes(10), update), Code.TOO_LARGE, "at most 10 are accepted");
        Path text = Files.writeString(directory.resolve("x"), "no model at all");
        assertRejected(judge(admission, text), Code.MALFORMED, "x is not a model");
    }

    @Test
    void a_seed_model_sets_the_layout_itself() throws IOException {
        assertThat(judge(Admission.ofSeed(1 << 20), Golden.file("every-dtype.npz"))
                        .accepted())
                .isTrue();
    }

    @Test
    void sixteen_bit_floats_round_to_nearest_even_like_numpy() {
        double[] values = {0, -0.0, 1, 65504, 65519.99, 65520, 0x1p-24, 0x1p-25, 1e-300, 0.1, 2049, 2051};
        int[] halves = {0, 0x8000, 0x3C00, 0x7BFF, 0x7BFF, 0x7C00, 1, 0, 0, 0x2E66, 0x6800, 0x6802};
        for (int i = 0; i < values.length; i++) {
            assertThat(SmallFloats.toHalf(values[i]) & 0xFFFF)
                    .as("" + values[i])
                    .isEqualTo(halves[i]);
        }
        for (int bits = 0; bits < 65536; bits++) {
            float half = SmallFloats.fromHalf((short) bits);
            float brain = SmallFloats.fromBrain((short) bits);
            assertThat(Float.isNaN(half) || SmallFloats.toHalf(half) == (short) bits)
                    .as("half " + bits)
                    .isTrue();
            assertThat(Float.isNaN(brain) || SmallFloats.toBrain(brain) == (short) bits)
                    .as("brain " + bits)
                    .isTrue();
        }
        assertThat(SmallFloats.toBrain(1.00390625) & 0xFFFF).isEqualTo(0x3F80);
        assertThat(SmallFloats.toBrain(1.01171875) & 0xFFFF).isEqualTo(0x3F82);
        assertThat(SmallFloats.toBrain(1e39) & 0xFFFF).isEqualTo(0x7F80);
    }

    @ParameterizedTest
    @ValueSource(strings = {"every-dtype-deflated.npz", "orders-deflated.npz", "orders.npz", "fedn-pytorch.npz"})
    void a_packed_file_is_unpacked_on_the_way_to_the_same_values(String name) throws IOException {
        Path file = Golden.file(name);
        Path unpacked = directory.resolve("unpacked");
        Admission any = Admission.ofSeed(1 << 20);
        AdmissionResult plain = any.judge(file, Optional.empty(), Optional.empty(), Optional.empty());
        Accepted accepted = (Accepted) any.judge(file, Files.size(file), Digest.of(file), Optional.of(unpacked));
        assertThat(accepted.unpacked()).contains(Digest.of(unpacked));
        assertThat(accepted.norm()).isEqualTo(((Accepted) plain).norm());
        assertThat(accepted.digest()).isEqualTo(((Accepted) plain).digest());
        try (ModelFile packed = ModelFile.open(file);
                ModelFile copy = ModelFile.open(unpacked)) {
            copy.verifyChecksums();
            assertThat(copy.deflated()).isFalse();
            assertThat(copy.layout()).isEqualTo(packed.layout());
            for (int i = 0; i < copy.layout().tensors().size(); i++) {
                assertThat(Golden.bytes(copy, i)).isEqualTo(Golden.bytes(packed, i));
            }
        }
    }

    @Test
    void a_stored_file_and_a_refused_one_leave_no_copy() throws IOException {
        Path unpacked = directory.resolve("unpacked");
        Path stored = file("u.npz", LAYOUT, 1, 2, 3, 4, 5);
        Accepted accepted = (Accepted)
                Admission.to(LAYOUT).judge(stored, Files.size(stored), Digest.of(stored), Optional.of(unpacked));
        assertThat(accepted.unpacked()).isEmpty();
        Path packed = io.foedus.core.aggregation.Deflated.copyOf(file("n.npz", LAYOUT, 1, Double.NaN, 3, 4, 5));
        assertRejected(
                Admission.to(LAYOUT).judge(packed, Files.size(packed), Digest.of(packed), Optional.of(unpacked)),
                Code.NOT_FINITE,
                "tensor 'w' has the value NaN or infinity at index 1");
        assertThat(unpacked).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"names.npz", "every-dtype-deflated.npz", "orders.npz"})
    void a_checksum_that_does_not_fit_is_found_on_the_way(String name) throws IOException {
        byte[] bytes = Files.readAllBytes(Golden.file(name));
        ByteBuffer content = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        // the CRC-32 of the first entry of the directory, to which the end record points
        int entry = content.getInt(bytes.length - 6);
        content.put(entry + 16, (byte) ~content.get(entry + 16));
        Path file = Files.write(directory.resolve("damaged.npz"), bytes);
        assertRejected(judge(Admission.ofSeed(1 << 20), file), Code.MALFORMED, "is damaged: its CRC-32 is");
    }

    @ParameterizedTest
    @ValueSource(strings = {"safetensors", "npz", "claims", "bomb"})
    void a_hostile_file_is_refused_without_much_memory(String kind) throws IOException {
        ModelLayout large = new ModelLayout(List.of(TensorSpec.of("w", DType.F32, 50_000_000)));
        Path file = directory.resolve("hostile");
        hostile(kind, file);
        Admission admission = Admission.to(large);
        long before = allocated();
        AdmissionResult result = admission.judge(file, Optional.empty(), Optional.empty(), Optional.empty());
        long spent = allocated() - before;
        assertThat(result.accepted()).isFalse();
        assertThat(((AdmissionResult.Rejected) result).reason()).isNotBlank();
        assertThat(spent).isLessThan(16L << 20);
    }

    /** Files of up to 60 MB that ask for as much or more memory. */
    private static void hostile(String kind, Path file) throws IOException {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
            switch (kind) {
                case "safetensors" -> {
                    bytes.putLong(50_000_000).put("{\"a\":".getBytes(StandardCharsets.US_ASCII));
                    out.write(bytes.flip());
                    out.write(ByteBuffer.allocate(1), 60_000_000);
                }
                case "npz" -> {
                    bytes.putInt(0x04034b50);
                    out.write(bytes.flip());
                    bytes.clear()
                            .putInt(0x06054b50)
                            .putInt(0)
                            .putShort((short) 9)
                            .putShort((short) 9);
                    bytes.putInt(50_000_000).putInt(100).putShort((short) 0);
                    out.write(bytes.flip(), 60_000_000);
                }
                default -> {
                    String shape = kind.equals("bomb") ? "50000000" : "1000000000";
                    byte[] dictionary = ("{'descr': '<f4', 'fortran_order': False, 'shape': (" + shape + ",), }\n")
                            .getBytes(StandardCharsets.US_ASCII);
                    bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
                    bytes.putShort((short) dictionary.length).put(dictionary);
                    ZipOutputStream zip = new ZipOutputStream(Channels.newOutputStream(out));
                    zip.putNextEntry(new ZipEntry("w.npy"));
                    zip.write(bytes.array(), 0, bytes.position());
                    byte[] nothing = new byte[1 << 16];
                    // a bomb of 200 kB becomes nearly 200 MB
                    for (int i = 0; kind.equals("bomb") && i < 200_000_000 >> 16; i++) {
                        zip.write(nothing);
                    }
                    zip.finish();
                }
            }
        }
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
