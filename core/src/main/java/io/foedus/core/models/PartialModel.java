package io.foedus.core.models;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An update that holds only the tensors that changed, as low-rank adapters and frozen layers make them. What is missing
 * stays as it was in the global model.
 */
public final class PartialModel {
    private PartialModel() {}

    /** Why an update is no part of a model of that layout, in words; empty if it is one. */
    public static Optional<String> misfit(ModelLayout global, ModelLayout partial) {
        if (partial.tensors().isEmpty()) {
            return Optional.of("the update holds no tensor at all");
        }
        for (TensorSpec spec : partial.tensors()) {
            int index = global.indexOf(spec.name());
            if (index < 0) {
                return Optional.of("the global model has no tensor '" + spec.name() + "'");
            }
            TensorSpec expected = global.tensors().get(index);
            if (!expected.equals(spec)) {
                return Optional.of("tensor '" + spec + "' should be '" + expected + "'");
            }
        }
        return Optional.empty();
    }

    /**
     * Writes the whole model that an update stands for, forced to disk.
     *
     * @return SHA-256 of the output
     * @throws MalformedModelException if the update does not fit
     */
    public static Digest complete(ModelFile partial, ModelFile global, Path output) throws IOException {
        Optional<String> misfit = misfit(global.layout(), partial.layout());
        if (misfit.isPresent()) {
            throw new MalformedModelException(misfit.get());
        }
        try (ModelWriter writer = ModelWriter.create(output, global.format(), global.layout(), global.metadata())) {
            Transcript transcript = new Transcript(writer);
            for (int i = 0; i < global.layout().tensors().size(); i++) {
                int own = partial.layout()
                        .indexOf(global.layout().tensors().get(i).name());
                transcript.copy(own < 0 ? global : partial, own < 0 ? i : own, i);
            }
            return writer.finish();
        }
    }

    /**
     * Writes only the tensors in which an update differs from the global model, forced to disk.
     *
     * @return SHA-256 of the output
     * @throws IllegalArgumentException if the models differ in layout, or in nothing
     */
    public static Digest reduce(ModelFile update, ModelFile global, Path output) throws IOException {
        Difference difference = Difference.between(global, update);
        List<Integer> changed = new ArrayList<>();
        for (int i = 0; i < difference.tensors().size(); i++) {
            if (difference.tensors().get(i).differing() > 0) {
                changed.add(i);
            }
        }
        if (changed.isEmpty()) {
            throw new IllegalArgumentException("the update does not differ from the global model");
        }
        ModelLayout layout = new ModelLayout(
                changed.stream().map(update.layout().tensors()::get).toList());
        try (ModelWriter writer = ModelWriter.create(output, update.format(), layout, update.metadata())) {
            Transcript transcript = new Transcript(writer);
            for (int place = 0; place < changed.size(); place++) {
                transcript.copy(update, changed.get(place), place);
            }
            return writer.finish();
        }
    }
}
