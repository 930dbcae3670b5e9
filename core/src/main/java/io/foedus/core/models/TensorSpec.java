package io.foedus.core.models;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One tensor of a layout.
 *
 * @param name the name, unique in its model; FEDn's helpers use {@code "0"}, {@code "1"}, …
 * @param shape the extents; empty for a scalar (0-d), and an extent may be 0
 */
public record TensorSpec(String name, DType dtype, List<Long> shape) {
    /** As many as NumPy knows. */
    private static final int MOST_DIMENSIONS = 64;

    /**
     * Refuses more than 64 dimensions, negative extents, and sizes beyond 2^62 bytes, so that later arithmetic cannot
     * overflow.
     *
     * @throws IllegalArgumentException naming the tensor and the extent
     */
    public TensorSpec {
        shape = List.copyOf(shape);
        if (shape.size() > MOST_DIMENSIONS) {
            throw new IllegalArgumentException("tensor " + name + " has " + shape.size() + " dimensions, at most "
                    + MOST_DIMENSIONS + " are possible");
        }
        long elements = 1;
        for (long extent : shape) {
            if (extent < 0) {
                throw new IllegalArgumentException("tensor " + name + " has the negative extent " + extent);
            }
            if (extent != 0 && elements > (1L << 58) / extent) {
                throw new IllegalArgumentException("tensor " + name + " claims more elements than can be addressed");
            }
            elements *= extent;
        }
    }

    /** A spec from plain extents. */
    public static TensorSpec of(String name, DType dtype, long... shape) {
        return new TensorSpec(
                name, dtype, java.util.Arrays.stream(shape).boxed().toList());
    }

    /** Number of elements: 1 for a scalar, 0 if any extent is 0. */
    public long elements() {
        long elements = 1;
        for (long extent : shape) {
            elements *= extent;
        }
        return elements;
    }

    /** Payload size in bytes. */
    public long bytes() {
        return elements() * dtype.bytes();
    }

    /** For people: {@code conv1.weight f32 (64, 3, 7, 7)}. */
    @Override
    public String toString() {
        return name + " " + dtype.label() + " " + shapeText();
    }

    String shapeText() {
        return shape.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
    }
}
