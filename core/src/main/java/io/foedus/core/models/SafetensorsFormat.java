package io.foedus.core.models;

import io.foedus.core.json.Json;
import io.foedus.core.json.JsonException;
import io.foedus.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Hugging Face's safetensors: eight bytes of header length, a JSON header, payload without gaps (format as of 0.4). The
 * order of tensors is the order of their payload; {@code __metadata__} is kept.
 */
public final class SafetensorsFormat implements ModelFormat {
    private static final String METADATA = "__metadata__";

    @Override
    public String id() {
        return "safetensors";
    }

    @Override
    public String suffix() {
        return ".safetensors";
    }

    @Override
    public boolean keepsMetadata() {
        return true;
    }

    @Override
    public boolean recognises(ByteBuffer head, long fileBytes) {
        if (head.remaining() < 10 || head.get(8) != '{') {
            return false;
        }
        long header = head.order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        return header >= 2 && header <= fileBytes - 8;
    }

    @Override
    public ModelContents read(FileChannel file, ReadLimits limits) throws IOException {
        long size = file.size();
        ByteBuffer prefix = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        Channels.readFully(file, prefix, 0);
        long length = prefix.getLong(0);
        if (length < 2 || length > size - 8 || length > limits.maxHeaderBytes()) {
            throw new MalformedModelException(
                    "the header claims " + length + " bytes, more than there are or are allowed");
        }
        ByteBuffer header = ByteBuffer.allocate((int) length);
        Channels.readFully(file, header, 8);
        JsonObject json = parse(header.flip());
        if (json.names().size() > limits.maxTensors()) {
            throw new MalformedModelException("the header names " + json.names().size() + " tensors, more than the "
                    + limits.maxTensors() + " allowed");
        }
        try {
            return contents(json, 8 + length, size, limits);
        } catch (JsonException e) {
            throw new MalformedModelException("the header is damaged: " + e.getMessage(), e);
        }
    }

    private static JsonObject parse(ByteBuffer header) throws MalformedModelException {
        try {
            return Json.object(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(header)
                    .toString()
                    .stripTrailing());
        } catch (CharacterCodingException | JsonException e) {
            throw new MalformedModelException("the header is not a JSON object: " + e.getMessage(), e);
        }
    }

    private static ModelContents contents(JsonObject json, long payload, long size, ReadLimits limits)
            throws MalformedModelException {
        List<StoredTensor> tensors = new ArrayList<>();
        Map<String, String> metadata = new TreeMap<>();
        for (String name : json.names()) {
            if (name.equals(METADATA)) {
                JsonObject pairs = json.object(name);
                pairs.names().forEach(key -> metadata.put(key, pairs.string(key)));
            } else {
                tensors.add(tensor(name, json.object(name), payload));
            }
        }
        tensors.sort(Comparator.comparingLong(StoredTensor::offset));
        long position = payload;
        for (StoredTensor tensor : tensors) {
            if (tensor.offset() != position) {
                throw new MalformedModelException("there is a gap or an overlap before tensor '"
                        + tensor.spec().name() + "'");
            }
            position += tensor.spec().bytes();
            if (position - payload > limits.maxPayloadBytes()) {
                throw new MalformedModelException(
                        "the tensors take more than the " + limits.maxPayloadBytes() + " bytes allowed");
            }
        }
        if (position != size) {
            throw new MalformedModelException(
                    "the tensors end at byte " + position + ", the file has " + size + " bytes");
        }
        return new ModelContents(tensors, metadata, List.of());
    }

    private static StoredTensor tensor(String name, JsonObject json, long payload) throws MalformedModelException {
        DType dtype = dtype(name, json.string("dtype"));
        TensorSpec spec;
        try {
            spec = TensorSpec.of(name, dtype, wholes(json, "shape"));
        } catch (IllegalArgumentException e) {
            throw new MalformedModelException(
                    Optional.ofNullable(e.getMessage()).orElse(name), e);
        }
        long[] offsets = wholes(json, "data_offsets");
        if (offsets.length != 2
                || offsets[0] < 0
                || offsets[0] > Long.MAX_VALUE / 4
                || offsets[1] - offsets[0] != spec.bytes()) {
            throw new MalformedModelException(
                    "tensor '" + name + "' needs " + spec.bytes() + " bytes, its data_offsets say otherwise");
        }
        return new StoredTensor(spec, payload + offsets[0], -1, 0, ByteOrder.LITTLE_ENDIAN, false);
    }

    private static DType dtype(String tensor, String name) throws MalformedModelException {
        for (DType dtype : DType.values()) {
            if (dtype.name().equals(name)) {
                return dtype;
            }
        }
        throw new MalformedModelException(
                "tensor '" + tensor + "' has the dtype " + name + ", which is not understood");
    }

    private static long[] wholes(JsonObject json, String name) {
        return json.list(name).stream()
                .mapToLong(value -> {
                    if (value instanceof Long whole) {
                        return whole;
                    }
                    throw new JsonException("member '" + name + "' must hold whole numbers only");
                })
                .toArray();
    }

    @Override
    public WritePlan plan(ModelLayout layout, Map<String, String> metadata) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        if (!metadata.isEmpty()) {
            json.put(METADATA, new TreeMap<>(metadata));
        }
        long[] offsets = new long[layout.tensors().size() + 1];
        for (int i = 0; i < layout.tensors().size(); i++) {
            TensorSpec spec = layout.tensors().get(i);
            if (spec.name().equals(METADATA)) {
                throw new IllegalArgumentException("safetensors cannot have a tensor named " + METADATA);
            }
            offsets[i + 1] = offsets[i] + spec.bytes();
            Map<String, @Nullable Object> tensor = new LinkedHashMap<>();
            tensor.put("dtype", spec.dtype().name());
            tensor.put("shape", spec.shape());
            tensor.put("data_offsets", List.of(offsets[i], offsets[i + 1]));
            json.put(spec.name(), tensor);
        }
        byte[] text = Json.write(json).getBytes(StandardCharsets.UTF_8);
        // padded with spaces so that payload begins at a multiple of eight
        int padded = (text.length + 7) & ~7;
        ByteBuffer header = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(padded).put(text);
        while (header.hasRemaining()) {
            header.put((byte) ' ');
        }
        return new HeaderPlan(header.array(), offsets);
    }
}
