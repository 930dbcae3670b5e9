package io.foedus.core.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files from strangers: each fault ends in a sentence, never in another exception and never in much memory. */
class MalformedFilesTest {
    @TempDir
    Path directory;

    private static void readEverything(Path file) throws IOException {
        try (ModelFile model =
                ModelFile.open(file, Optional.empty(), ReadLimits.DEFAULT.withMaxPayloadBytes(1 << 20))) {
            model.verifyChecksums();
            for (int i = 0; i < model.layout().tensors().size(); i++) {
                Golden.bytes(model, i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"every-dtype.npz", "every-dtype-deflated.npz", "every-dtype.safetensors", "streamed.npz"})
    void a_file_cut_anywhere_is_refused(String name) throws IOException {
        byte[] whole = Files.readAllBytes(Golden.file(name));
        Path file = directory.resolve("cut");
        for (int length = 0; length < whole.length; length += 7) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> readEverything(file))
                    .as("cut at " + length)
                    .isInstanceOf(MalformedModelException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "every-dtype.npz",
                "every-dtype-deflated.npz",
                "orders.npz",
                "every-dtype.safetensors",
                "streamed.npz"
            })
    void a_file_with_flipped_bytes_is_read_or_refused_but_nothing_else(String name) throws IOException {
        byte[] whole = Files.readAllBytes(Golden.file(name));
        Path file = directory.resolve("flipped");
        int refused = 0;
        for (int seed = 0; seed < 1500; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] changed = whole.clone();
            for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            Files.write(file, changed);
            try {
                readEverything(file);
            } catch (MalformedModelException e) {
                refused++;
                assertThat(e.getMessage()).isNotBlank();
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void a_damaged_value_is_found_by_its_checksum() throws IOException {
        byte[] bytes = Files.readAllBytes(Golden.file("names.npz"));
        // the payload of the first member ends right before the second local header
        bytes[0xCD] ^= 1;
        Path file = Files.write(directory.resolve("damaged.npz"), bytes);
        try (ModelFile model = ModelFile.open(file)) {
            assertThatThrownBy(model::verifyChecksums)
                    .isInstanceOf(MalformedModelException.class)
                    .hasMessageContaining("is damaged: its CRC-32 is");
        }
    }

    @Test
    void a_member_that_claims_a_billion_elements_is_refused_before_anything_is_allocated() throws IOException {
        Path file = zip("big.npz", "w.npy", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000,), }"));
        assertThatThrownBy(() -> ModelFile.open(file))
                .isInstanceOf(MalformedModelException.class)
                .hasMessageContaining("promises 4000000000 bytes in shape (1000000000), its member holds 0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296, 4), }",
                "{'descr': '|O', 'fortran_order': False, 'shape': (), }",
                "{'descr': '<c8', 'fortran_order': False, 'shape': (), }",
                "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (), }",
                "{'descr': '<f4', 'shape': (), }",
                "{'descr': '<f4', 'fortran_order': False}",
                "",
            })
    void a_numpy_header_that_makes_no_sense_is_refused(String dictionary) throws IOException {
        Path file = zip("bad.npz", "w.npy", npy(dictionary));
        assertThatThrownBy(() -> ModelFile.open(file)).isInstanceOf(MalformedModelException.class);
    }

    @Test
    void members_that_are_not_arrays_are_refused_by_name() throws IOException {
        assertThatThrownBy(() -> ModelFile.open(zip("a.npz", "readme.txt", new byte[10])))
                .hasMessageContaining("member 'readme.txt' is not an array");
        assertThatThrownBy(() -> ModelFile.open(zip("b.npz", "w.npy", new byte[80])))
                .hasMessageContaining("member 'w.npy' is not a NumPy array");
        assertThatThrownBy(() -> ModelFile.open(zip("c.npz", "w.npy", new byte[3])))
                .hasMessageContaining("too short for a NumPy array");
        Path text = Files.writeString(directory.resolve("model.txt"), "hello, I am a model");
        assertThatThrownBy(() -> ModelFile.open(text)).hasMessageContaining("model.txt is not a model");
    }

    @Test
    void a_bomb_is_refused_by_its_expansion_and_by_its_size() throws IOException {
        byte[] header = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2000000,), }");
        byte[] member = java.util.Arrays.copyOf(header, header.length + 8_000_000);
        Path file = zip("bomb.npz", "w.npy", member);
        assertThat(Files.size(file)).isLessThan(20_000);
        assertThatThrownBy(() -> ModelFile.open(file, Optional.empty(), ReadLimits.DEFAULT.withMaxExpansion(100)))
                .hasMessageContaining("more than 100 times");
        assertThatThrownBy(() -> ModelFile.open(file, Optional.empty(), ReadLimits.DEFAULT.withMaxPayloadBytes(1000)))
                .hasMessageContaining("more than the 1000 allowed");
    }

    @Test
    void overlapping_members_and_two_of_one_name_are_refused() throws IOException {
        byte[] whole = Files.readAllBytes(Golden.file("names.npz"));
        ByteBuffer bytes = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
        int central = bytes.getInt(whole.length - 6);
        int second = central + 46 + (bytes.getShort(central + 28) & 0xFFFF);
        byte[] overlapping = whole.clone();
        ByteBuffer.wrap(overlapping).order(ByteOrder.LITTLE_ENDIAN).putInt(second + 42, 0);
        Path file = Files.write(directory.resolve("overlap.npz"), overlapping);
        assertThatThrownBy(() -> ModelFile.open(file)).hasMessageContaining("overlap");

        byte[] once = Files.readAllBytes(
                zip("once.npz", "aa.npy", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (0,), }"), "ab.npy"));
        String twice = new String(once, StandardCharsets.ISO_8859_1).replace("ab.npy", "aa.npy");
        Path twins = Files.write(directory.resolve("twice.npz"), twice.getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> ModelFile.open(twins))
                .hasMessageContaining("two members of the archive are named 'aa.npy'");
    }

    private static byte[] npy(String dictionary) {
        byte[] text = (dictionary + "\n").getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer header = ByteBuffer.allocate(10 + text.length).order(ByteOrder.LITTLE_ENDIAN);
        header.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                .putShort((short) text.length)
                .put(text);
        return header.array();
    }

    private Path zip(String file, String member, byte[] content, String... more) throws IOException {
        Path path = directory.resolve(file);
        try (OutputStream out = Files.newOutputStream(path);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            add(zip, member, content);
            for (String name : more) {
                add(zip, name, content);
            }
        }
        return path;
    }

    private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        if (content.length < 1000) {
            CRC32 crc = new CRC32();
            crc.update(content);
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(content.length);
            entry.setCrc(crc.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
