package io.foedus.core.models;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;

/** The ordered tensors of a model: everything about it except its numbers. Equal layouts can be aggregated. */
public record ModelLayout(List<TensorSpec> tensors) {
    /**
     * Refuses two tensors of one name.
     *
     * @throws IllegalArgumentException naming the tensor
     */
    public ModelLayout {
        tensors = List.copyOf(tensors);
        Set<String> names = new HashSet<>();
        for (TensorSpec tensor : tensors) {
            if (!names.add(tensor.name())) {
                throw new IllegalArgumentException("two tensors are named " + tensor.name());
            }
        }
    }

    /** Number of elements (parameters) in all tensors. */
    public long elements() {
        return tensors.stream().mapToLong(TensorSpec::elements).sum();
    }

    /** Payload size of all tensors in bytes. */
    public long bytes() {
        return tensors.stream().mapToLong(TensorSpec::bytes).sum();
    }

    /** Payload size in bytes of the largest model whose numbers can be cast to this layout. */
    public long mostBytes() {
        return tensors.stream()
                .mapToLong(tensor -> tensor.dtype().floating() ? tensor.elements() * Double.BYTES : tensor.bytes())
                .sum();
    }

    /** The position of a tensor, or -1. */
    public int indexOf(String name) {
        for (int i = 0; i < tensors.size(); i++) {
            if (tensors.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Explains in words the first thing that keeps {@code other} from having this layout; empty if nothing does.
     *
     * <p>This layout is the expected one: "tensor 3 'bias' has shape (10), expected (12)".
     */
    public Optional<String> firstDifference(ModelLayout other) {
        return first(other, (expected, found) -> expected == found);
    }

    /**
     * Explains in words the first thing that keeps numbers of {@code other} from being cast to this layout; empty if
     * nothing does: names, order and shapes are the same, and each dtype {@link DType#takes} the other's.
     */
    public Optional<String> firstMisfit(ModelLayout other) {
        return first(other, DType::takes);
    }

    private Optional<String> first(ModelLayout other, BiPredicate<DType, DType> fits) {
        int common = Math.min(tensors.size(), other.tensors.size());
        for (int i = 0; i < common; i++) {
            TensorSpec expected = tensors.get(i);
            TensorSpec found = other.tensors.get(i);
            String which = "tensor " + i + " '" + found.name() + "'";
            if (!expected.name().equals(found.name())) {
                return Optional.of("tensor " + i + " is named '" + found.name() + "', expected '" + expected.name()
                        + "'" + (indexOf(found.name()) >= 0 ? " (the names are in another order)" : ""));
            }
            if (!fits.test(expected.dtype(), found.dtype())) {
                return Optional.of(which + " has dtype " + found.dtype().label() + ", expected "
                        + expected.dtype().label());
            }
            if (!expected.shape().equals(found.shape())) {
                return Optional.of(which + " has shape " + found.shapeText() + ", expected " + expected.shapeText());
            }
        }
        if (other.tensors.size() > common) {
            return Optional.of("it has " + other.tensors.size() + " tensors, expected " + tensors.size()
                    + "; the first one too many is '"
                    + other.tensors.get(common).name() + "'");
        }
        if (tensors.size() > common) {
            return Optional.of("it has " + other.tensors.size() + " tensors, expected " + tensors.size()
                    + "; the first one missing is '" + tensors.get(common).name() + "'");
        }
        return Optional.empty();
    }
}
