package io.foedus.core.models;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * A model on disk, opened for reading: its layout in memory, its numbers in the file.
 *
 * <p>Immutable and safe for many threads; readers obtained from it are not. The file must not change while it is open.
 */
public final class ModelFile implements Closeable {
    private final Path path;
    private final FileChannel file;
    private final ModelFormat format;
    private final ModelContents contents;
    private final ModelLayout layout;

    private ModelFile(Path path, FileChannel file, ModelFormat format, ModelContents contents, ModelLayout layout) {
        this.path = path;
        this.file = file;
        this.format = format;
        this.contents = contents;
        this.layout = layout;
    }

    /** Opens a file whose format shows in its first bytes. */
    public static ModelFile open(Path path) throws IOException {
        return open(path, Optional.empty(), ReadLimits.DEFAULT);
    }

    /** Opens a file of a known format. */
    public static ModelFile open(Path path, ModelFormat format) throws IOException {
        return open(path, Optional.of(format), ReadLimits.DEFAULT);
    }

    /** Opens a file of whatever format its first bytes tell, or of the expected one if that has no mark. */
    public static ModelFile openExpecting(ModelFormat expected, Path path) throws IOException {
        return expected.hasMark() ? open(path) : open(path, expected);
    }

    /**
     * Opens a file and reads its headers.
     *
     * @param format the format, or empty to recognise it
     * @throws MalformedModelException if it is not a model or breaks a limit
     */
    public static ModelFile open(Path path, Optional<ModelFormat> format, ReadLimits limits) throws IOException {
        FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
        try {
            ModelFormat known = format.isPresent() ? format.get() : ModelFormats.recognise(file, path);
            ModelContents contents = known.read(file, limits);
            return new ModelFile(path, file, known, contents, contents.layout());
        } catch (IllegalArgumentException e) {
            file.close();
            throw new MalformedModelException(
                    Optional.ofNullable(e.getMessage()).orElse("malformed"), e);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    public Path path() {
        return path;
    }

    public ModelFormat format() {
        return format;
    }

    /** Its layout, or the one that its numbers are cast to. */
    public ModelLayout layout() {
        return layout;
    }

    /**
     * The same file, to be closed once, with its numbers cast to the dtypes of another layout as they are read; itself
     * where they have these dtypes, or cannot be cast ({@link ModelLayout#firstMisfit}). Its digest stays the file's.
     */
    public ModelFile castTo(ModelLayout wanted) {
        return layout.equals(wanted) || wanted.firstMisfit(layout).isPresent()
                ? this
                : new ModelFile(path, file, format, contents, wanted);
    }

    /** How each tensor lies in the file, in layout order. */
    public List<StoredTensor> stored() {
        return contents.tensors();
    }

    public Map<String, String> metadata() {
        return contents.metadata();
    }

    /** Size of the file in bytes. */
    public long bytes() throws IOException {
        return file.size();
    }

    /** Whether any tensor must be inflated when it is read. */
    public boolean deflated() {
        return contents.tensors().stream().anyMatch(StoredTensor::deflated);
    }

    /** A reader for one tensor, to be closed by the caller and used by one thread. */
    public TensorReader reader(int tensor) throws IOException {
        return reader(tensor, new SliceBuffer());
    }

    /** A reader that shares its buffer with other readers of the same thread: what folding thousands of files needs. */
    public TensorReader reader(int tensor, SliceBuffer buffer) throws IOException {
        return new TensorReader(
                file, contents.tensors().get(tensor), layout.tensors().get(tensor), buffer, null);
    }

    /**
     * A reader that shows all it reads to a digest of this file. Every slice must be read, by whichever thread, and
     * each thread must go forward.
     */
    public TensorReader reader(int tensor, SliceBuffer buffer, PassingDigest digest) throws IOException {
        return new TensorReader(
                file, contents.tensors().get(tensor), layout.tensors().get(tensor), buffer, digest);
    }

    /**
     * A digest of this file for readers that go through all of it in layout order; empty where the file does not lie in
     * that order as it is read, and must be read once more for its {@link #digest}.
     */
    public Optional<PassingDigest> passingDigest() throws IOException {
        return PassingDigest.of(file, contents.tensors());
    }

    /** The SHA-256 of the file's bytes, computed now. */
    public Digest digest() throws IOException {
        return Digest.of(file);
    }

    /**
     * Compares the file with the checksums it states about itself, where its format has any.
     *
     * @throws MalformedModelException naming the first part that differs
     */
    public void verifyChecksums() throws IOException {
        for (MemberChecksum stated : contents.checksums()) {
            verify(stated);
        }
    }

    private void verify(MemberChecksum stated) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 17);
        CRC32 crc = new CRC32();
        long bytes = stated.deflatedTo() < 0 ? stated.bytes() : stated.deflatedTo();
        try (ByteSource source = stated.deflatedTo() < 0
                ? new ByteSource.StoredSource(file, stated.offset())
                : new InflatedSource(file, stated.offset(), stated.bytes(), 0)) {
            for (long done = 0; done < bytes; done += buffer.limit()) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), bytes - done));
                source.read(buffer, done);
                crc.update(buffer.flip());
            }
        }
        stated.verify(crc.getValue());
    }

    /**
     * A reader that checks what the file states about the tensor as it goes; everything must be read in order, then
     * {@link TensorReader#verify}. Without such a statement, a plain reader.
     *
     * @throws MalformedModelException if the tensor must be checked beforehand, because it is not read as it lies
     */
    TensorReader checkedReader(int tensor, SliceBuffer buffer) throws IOException {
        StoredTensor stored = contents.tensors().get(tensor);
        if (contents.checksums().isEmpty()) {
            return reader(tensor, buffer);
        }
        MemberChecksum stated = contents.checksums().get(tensor);
        if (stored.transposed()) {
            verify(stated);
            return reader(tensor, buffer);
        }
        return new TensorReader(
                new CheckedSource(file, stored, stated),
                stored,
                layout.tensors().get(tensor),
                buffer,
                null);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    @Override
    public String toString() {
        return path.getFileName() + " (" + format.id() + ")";
    }
}
