package io.foedus.core.models;

import io.foedus.core.models.AdmissionResult.Accepted;
import io.foedus.core.models.AdmissionResult.Code;
import io.foedus.core.models.AdmissionResult.Rejected;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The rules a file must meet before it may be folded. Immutable, usable by many threads, constant memory.
 *
 * @param layout what the file must look like, or empty for a seed model, which sets the layout
 * @param format how the file must be read, where its first bytes do not tell, as with raw formats; empty to recognise
 *     it
 * @param maxFileBytes largest file
 * @param limits on what its headers claim, expansion included
 * @param minNorm smallest acceptable L2 norm
 * @param maxNorm largest acceptable L2 norm; infinity for no limit
 */
public record Admission(
        Optional<ModelLayout> layout,
        Optional<ModelFormat> format,
        long maxFileBytes,
        ReadLimits limits,
        double minNorm,
        double maxNorm) {
    /**
     * Layout of the global model, to whose dtypes others are cast ({@link DType#takes}), no norm band, expansion
     * bounded by deflate, payload, headers and number of tensors bounded by the layout: what a hostile file can make
     * this machine allocate is a small multiple of what an honest one needs.
     */
    public static Admission to(ModelLayout global) {
        // a stored or deflated file is a little larger than its payload at most: headers, names, deflate's blocks
        long payload = global.mostBytes();
        long most = payload + payload / 1000 + global.tensors().size() * 4096L + (1L << 20);
        return new Admission(
                Optional.of(global),
                Optional.empty(),
                most,
                ReadLimits.DEFAULT
                        .withMaxPayloadBytes(payload)
                        .withMaxHeaderBytes(headerBytes(global))
                        .withMaxTensors(2 * global.tensors().size() + 16),
                0,
                Double.POSITIVE_INFINITY);
    }

    /** Room for each tensor's name and place in any format, and for metadata. */
    private static int headerBytes(ModelLayout global) {
        long bytes = 1 << 20;
        for (TensorSpec tensor : global.tensors()) {
            bytes += 512 + 4L * tensor.name().length();
        }
        return (int) Math.min(bytes, ReadLimits.DEFAULT.maxHeaderBytes());
    }

    /** Any layout of at most 20,000 tensors, for a seed model. */
    public static Admission ofSeed(long maxFileBytes) {
        return new Admission(
                Optional.empty(), Optional.empty(), maxFileBytes, ReadLimits.SEED, 0, Double.POSITIVE_INFINITY);
    }

    /** The same with a band for the L2 norm of the update's difference to the global model. */
    public Admission withNormBand(double least, double most) {
        return new Admission(layout, format, maxFileBytes, limits, least, most);
    }

    /** The same for larger files. */
    public Admission withMaxFileBytes(long bytes) {
        return new Admission(layout, format, bytes, limits, minNorm, maxNorm);
    }

    /** The same where files of this format are expected: they are read as such if the format has no mark. */
    public Admission expecting(ModelFormat expected) {
        Optional<ModelFormat> named = expected.hasMark() ? Optional.empty() : Optional.of(expected);
        return new Admission(layout, named, maxFileBytes, limits, minNorm, maxNorm);
    }

    /**
     * Judges a complete file.
     *
     * @param declaredBytes the size the sender announced, if it did
     * @param declared the digest the sender announced, if it did
     * @param global the global model, whose distance the norm band bounds; without it the norm is the file's own
     * @throws IOException only for trouble of this machine, never for the file's content
     */
    public AdmissionResult judge(
            Path file, Optional<Long> declaredBytes, Optional<Digest> declared, Optional<ModelFile> global)
            throws IOException {
        return judge(file, declaredBytes, declared, global, () -> Digest.of(file), Optional.empty());
    }

    /**
     * Judges a complete file whose digest was computed as its bytes were written, without reading it once more for
     * that; and unpacks it on the way, so that a fold need not inflate it.
     *
     * @param declaredBytes the size the sender announced
     * @param digest of the file
     * @param unpacked where a stored copy of an accepted file goes that is deflated or in Fortran order; not forced to
     *     disk, because it can be made again. Empty to make none
     * @throws IOException only for trouble of this machine, never for the file's content
     */
    public AdmissionResult judge(Path file, long declaredBytes, Digest digest, Optional<Path> unpacked)
            throws IOException {
        return judge(file, Optional.of(declaredBytes), Optional.empty(), Optional.empty(), () -> digest, unpacked);
    }

    @FunctionalInterface
    private interface Digesting {
        Digest digest() throws IOException;
    }

    private AdmissionResult judge(
            Path file,
            Optional<Long> declaredBytes,
            Optional<Digest> declared,
            Optional<ModelFile> global,
            Digesting digesting,
            Optional<Path> unpacked)
            throws IOException {
        long bytes = Files.size(file);
        if (declaredBytes.isPresent() && declaredBytes.get() != bytes) {
            return new Rejected(
                    Code.DECLARATION, "the file has " + bytes + " bytes, " + declaredBytes.get() + " were announced");
        }
        if (bytes > maxFileBytes) {
            return new Rejected(
                    Code.TOO_LARGE, "the file has " + bytes + " bytes, at most " + maxFileBytes + " are accepted");
        }
        Digest digest = digesting.digest();
        if (declared.isPresent() && !declared.get().equals(digest)) {
            return new Rejected(
                    Code.DECLARATION,
                    "the file's SHA-256 is " + digest.brief() + "…, "
                            + declared.get().brief() + "… was announced");
        }
        try (ModelFile model = ModelFile.open(file, format, limits)) {
            Optional<String> difference = layout.flatMap(expected -> expected.firstMisfit(model.layout()));
            if (difference.isPresent()) {
                return new Rejected(
                        Code.LAYOUT, "the model's layout differs from the global model's: " + difference.get());
            }
            Optional<String> cast = layout.flatMap(expected -> expected.firstDifference(model.layout()));
            ModelFile read = layout.map(model::castTo).orElse(model);
            Optional<Path> copy = unpacked.filter(path -> packed(model));
            if (copy.isEmpty()) {
                return judge(new Inspection(read, global, Optional.empty()), digest, bytes, Optional.empty())
                        .castFrom(cast);
            }
            try (ModelWriter writer = ModelWriter.create(copy.get(), ModelFormats.byId("npz"), read.layout())) {
                return judge(
                                new Inspection(read, global, Optional.of(writer.slices())),
                                digest,
                                bytes,
                                Optional.of(writer))
                        .castFrom(cast);
            }
        } catch (MalformedModelException e) {
            return new Rejected(
                    Code.MALFORMED, Optional.ofNullable(e.getMessage()).orElse("the file is damaged"));
        }
    }

    private static boolean packed(ModelFile model) {
        return model.stored().stream().anyMatch(tensor -> tensor.deflated() || tensor.transposed());
    }

    private AdmissionResult judge(Inspection inspection, Digest digest, long bytes, Optional<ModelWriter> copy)
            throws IOException {
        Optional<Rejected> bad = inspection.run();
        if (bad.isPresent()) {
            return bad.get();
        }
        double norm = inspection.norm();
        if (norm < minNorm || norm > maxNorm) {
            return new Rejected(
                    Code.NORM,
                    String.format(
                            Locale.ROOT,
                            "the %s norm is %.6g, accepted are %.6g to %.6g",
                            inspection.ofDifference() ? "update's" : "model's",
                            norm,
                            minNorm,
                            maxNorm));
        }
        Optional<Digest> unpacked = copy.isPresent() ? Optional.of(copy.get().seal()) : Optional.empty();
        return new Accepted(digest, bytes, inspection.elements(), norm, unpacked, Optional.empty());
    }
}
