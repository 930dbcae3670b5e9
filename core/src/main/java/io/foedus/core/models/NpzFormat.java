package io.foedus.core.models;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * NumPy's {@code .npz}: a ZIP archive of {@code name.npy} members, the format of FEDn's Keras, PyTorch and numpy
 * helpers. Reads what {@code savez} and {@code savez_compressed} write; writes what {@code savez} writes.
 *
 * <p>The order of tensors is the order of the central directory, which is the order {@code np.load(f).files} reports.
 */
public final class NpzFormat implements ModelFormat {
    private static final String SUFFIX = ".npy";

    @Override
    public String id() {
        return "npz";
    }

    @Override
    public String suffix() {
        return ".npz";
    }

    @Override
    public boolean recognises(ByteBuffer head, long fileBytes) {
        // PK\3\4, or PK\5\6 for an archive without members
        return head.remaining() >= 4
                && head.get(0) == 'P'
                && head.get(1) == 'K'
                && (head.getShort(2) == 0x0304 || head.getShort(2) == 0x0506);
    }

    @Override
    public ModelContents read(FileChannel file, ReadLimits limits) throws IOException {
        List<StoredTensor> tensors = new ArrayList<>();
        List<MemberChecksum> checksums = new ArrayList<>();
        long payload = 0;
        for (ZipMember member : ZipDirectory.read(file, limits)) {
            StoredTensor tensor = tensor(file, member, limits);
            payload += tensor.spec().bytes();
            if (payload > limits.maxPayloadBytes()) {
                throw new MalformedModelException(
                        "the tensors up to '" + tensor.spec().name() + "' take " + payload + " bytes, more than the "
                                + limits.maxPayloadBytes() + " allowed");
            }
            tensors.add(tensor);
            checksums.add(new MemberChecksum(
                    member.name(),
                    member.dataOffset(),
                    member.dataBytes(),
                    member.deflated() ? member.inflatedBytes() : -1,
                    member.crc()));
        }
        return new ModelContents(tensors, Map.of(), checksums);
    }

    private static StoredTensor tensor(FileChannel file, ZipMember member, ReadLimits limits) throws IOException {
        if (!member.name().endsWith(SUFFIX)) {
            throw new MalformedModelException(
                    "member '" + member.name() + "' is not an array: its name does not end in " + SUFFIX);
        }
        NpyHeader header = header(file, member, limits);
        String name = member.name().substring(0, member.name().length() - SUFFIX.length());
        TensorSpec spec;
        try {
            spec = new TensorSpec(name, header.dtype(), header.shape());
        } catch (IllegalArgumentException e) {
            throw new MalformedModelException(
                    Optional.ofNullable(e.getMessage()).orElse(name), e);
        }
        if (header.headerBytes() + spec.bytes() != member.inflatedBytes()) {
            throw new MalformedModelException("tensor '" + name + "' promises " + spec.bytes() + " bytes in shape "
                    + spec.shapeText() + ", its member holds " + (member.inflatedBytes() - header.headerBytes()));
        }
        return new StoredTensor(
                spec,
                member.deflated() ? member.dataOffset() : member.dataOffset() + header.headerBytes(),
                member.deflated() ? member.dataBytes() : -1,
                member.deflated() ? header.headerBytes() : 0,
                header.order(),
                header.fortran());
    }

    private static NpyHeader header(FileChannel file, ZipMember member, ReadLimits limits) throws IOException {
        try (ByteSource source = ByteSource.of(file, member)) {
            ByteBuffer prefix = ByteBuffer.allocate((int) Math.min(NpyHeader.PREFIX, member.inflatedBytes()));
            source.read(prefix, 0);
            long length = NpyHeader.length(member.name(), prefix.flip());
            if (length > Math.min(member.inflatedBytes(), limits.maxHeaderBytes())) {
                throw new MalformedModelException("the NumPy header of member '" + member.name() + "' claims " + length
                        + " bytes, more than there are or are allowed");
            }
            ByteBuffer header = ByteBuffer.allocate((int) length);
            source.read(header, 0);
            return NpyHeader.parse(member.name(), header.array());
        }
    }

    @Override
    public WritePlan plan(ModelLayout layout, Map<String, String> metadata) {
        if (!metadata.isEmpty()) {
            throw new IllegalArgumentException("npz has no place for metadata; choose safetensors");
        }
        return new NpzPlan(layout);
    }

    /** The member name of a tensor. */
    static String memberName(TensorSpec spec) {
        return spec.name() + SUFFIX;
    }
}
