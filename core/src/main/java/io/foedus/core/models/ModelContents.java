package io.foedus.core.models;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a format found in a file.
 *
 * @param metadata free text pairs that the format keeps beside the tensors (safetensors {@code __metadata__})
 * @param checksums what the file states about its own bytes, one for each tensor in the same order; empty where the
 *     format has none
 */
public record ModelContents(List<StoredTensor> tensors, Map<String, String> metadata, List<MemberChecksum> checksums) {
    public ModelContents {
        tensors = List.copyOf(tensors);
        metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
        checksums = List.copyOf(checksums);
        if (!checksums.isEmpty() && checksums.size() != tensors.size()) {
            throw new IllegalArgumentException(
                    checksums.size() + " checksums do not belong to " + tensors.size() + " tensors");
        }
    }

    public ModelLayout layout() {
        return new ModelLayout(tensors.stream().map(StoredTensor::spec).toList());
    }
}
