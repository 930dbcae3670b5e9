package io.foedus.core.models;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * Writes a new model file. Payload may be written in any order and by several threads, each slice once; then one thread
 * calls {@link #finish}. Closed without that, the file is deleted: a half-written model never stays. Checksums and the
 * file's digest are computed on the way, by those who write.
 */
public final class ModelWriter implements Closeable {
    private final Path path;
    private final FileChannel file;
    private final ModelLayout layout;
    private final WritePlan plan;
    private final Sealing sealing;
    private boolean finished;

    private ModelWriter(Path path, FileChannel file, ModelLayout layout, WritePlan plan) {
        this.path = path;
        this.file = file;
        this.layout = layout;
        this.plan = plan;
        this.sealing = new Sealing(file, layout, plan);
    }

    /** Creates (or replaces) a file for a model without metadata. */
    public static ModelWriter create(Path path, ModelFormat format, ModelLayout layout) throws IOException {
        return create(path, format, layout, Map.of());
    }

    /**
     * Creates (or replaces) a file.
     *
     * @throws IllegalArgumentException if the format cannot express the layout or the metadata
     */
    public static ModelWriter create(Path path, ModelFormat format, ModelLayout layout, Map<String, String> metadata)
            throws IOException {
        WritePlan plan = format.plan(layout, metadata);
        FileChannel file = FileChannel.open(
                path,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        ModelWriter writer = new ModelWriter(path, file, layout, plan);
        try {
            plan.begin(file);
            return writer;
        } catch (IOException | RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    public ModelLayout layout() {
        return layout;
    }

    /** A writer for slices, confined to one thread; it holds a buffer of 64 KiB. */
    public Slices slices() {
        return new Slices();
    }

    /**
     * Completes the file and forces it to disk.
     *
     * @return the digest of the finished file
     * @throws IOException if payload is missing, or the disk fails
     */
    public Digest finish() throws IOException {
        Digest digest = seal();
        file.force(true);
        return digest;
    }

    /** Completes the file like {@link #finish}; the caller forces it to disk when it likes. */
    public Digest seal() throws IOException {
        Digest digest = sealing.finish();
        finished = true;
        return digest;
    }

    @Override
    public void close() throws IOException {
        file.close();
        if (!finished) {
            Files.deleteIfExists(path);
        }
    }

    /** Encodes and writes elements; one per thread. */
    public final class Slices {
        private static final int BUFFER = 1 << 16;

        private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
        private final Encoder encoder = new Encoder(BUFFER);

        private Slices() {}

        /**
         * Writes elements in the tensor's dtype: floating types round to nearest even; integers round to nearest even
         * and saturate; booleans are true from 0.5 up.
         *
         * @param first index of the first element in C order
         */
        public void write(int tensor, long first, double[] from, int at, int count) throws IOException {
            DType dtype = layout.tensors().get(tensor).dtype();
            int most = BUFFER / dtype.bytes();
            for (int done = 0; done < count; ) {
                int now = Math.min(most, count - done);
                encoder.encode(dtype, from, at + done, now, buffer.clear());
                writeBytes(tensor, first + done, buffer.flip());
                done += now;
            }
        }

        /**
         * Writes elements of which some are encoded already, however they alternate, at the cost of one write.
         *
         * @param from all elements from its start on, those that are kept being of no meaning
         * @param encoded all elements, little-endian, those that are not kept being of no meaning
         * @param kept which are taken as they are encoded, counted from {@code first}
         */
        public void write(int tensor, long first, double[] from, ByteBuffer encoded, IntPredicate kept)
                throws IOException {
            DType dtype = layout.tensors().get(tensor).dtype();
            int width = dtype.bytes();
            int count = encoded.remaining() / width;
            int most = BUFFER / width;
            for (int done = 0; done < count; ) {
                int now = Math.min(most, count - done);
                encoder.encode(dtype, from, done, now, buffer.clear());
                for (int i = 0; i < now; i++) {
                    if (kept.test(done + i)) {
                        buffer.put(i * width, encoded, encoded.position() + (done + i) * width, width);
                    }
                }
                writeBytes(tensor, first + done, buffer.flip());
                done += now;
            }
        }

        /** Writes elements that are encoded already: little-endian, whole elements. */
        public void writeBytes(int tensor, long first, ByteBuffer bytes) throws IOException {
            long start = first * layout.tensors().get(tensor).dtype().bytes();
            ByteBuffer written = bytes.duplicate();
            Channels.writeFully(file, bytes, plan.offset(tensor) + start);
            sealing.written(tensor, start, written);
        }
    }
}
