package io.foedus.core.models;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The formats at hand: ours, and those that a site has added to the class path. */
public final class ModelFormats {
    private static final List<ModelFormat> ALL =
            ServiceLoader.load(ModelFormat.class, ModelFormat.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList();

    private ModelFormats() {}

    public static List<ModelFormat> all() {
        return ALL;
    }

    /**
     * The format of that name.
     *
     * @throws IllegalArgumentException listing the names that exist
     */
    public static ModelFormat byId(String id) {
        return ALL.stream()
                .filter(format -> format.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no model format '" + id + "'; known are "
                        + ALL.stream().map(ModelFormat::id).sorted().collect(Collectors.joining(", "))));
    }

    /**
     * The format that recognises an open file by its first bytes.
     *
     * @param name how messages call the file
     * @throws MalformedModelException if none does
     */
    public static ModelFormat recognise(FileChannel file, Path name) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(16);
        Channels.readUpTo(file, head, 0);
        head.flip();
        for (ModelFormat format : ALL) {
            if (format.recognises(head.asReadOnlyBuffer(), file.size())) {
                return format;
            }
        }
        throw new MalformedModelException(name.getFileName() + " is not a model: it is neither "
                + ALL.stream().map(ModelFormat::id).collect(Collectors.joining(" nor ")) + " (" + file.size()
                + " bytes; raw formats are read only when they are named)");
    }
}
