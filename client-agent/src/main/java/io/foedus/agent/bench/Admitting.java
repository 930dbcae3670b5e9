package io.foedus.agent.bench;

import io.foedus.core.aggregation.Contribution;
import io.foedus.core.models.Admission;
import io.foedus.core.models.AdmissionResult.Accepted;
import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Updates as they lie when the last one has arrived: those before it are admitted, checked and unpacked, as a combiner
 * does while others still send; the last is admitted by whoever measures. Its digest is known, for a combiner computes
 * it as the bytes come.
 */
final class Admitting implements Closeable {
    private final List<Contribution> updates;
    private final Path place;
    private final Admission admission;
    private final List<ModelFile> open = new ArrayList<>();
    private final List<Contribution> admitted = new ArrayList<>();

    /** Admits all updates but the last. */
    Admitting(List<Contribution> updates, Path place) throws IOException {
        this.updates = updates;
        this.place = place;
        ModelFile first = updates.get(0).model();
        this.admission = Admission.to(first.layout()).expecting(first.format());
        for (Contribution update : updates.subList(0, updates.size() - 1)) {
            admitted.add(admit(update));
        }
    }

    /** All updates, the last one admitted now. */
    List<Contribution> admitLast() throws IOException {
        List<Contribution> all = new ArrayList<>(admitted);
        all.add(admit(updates.get(updates.size() - 1)));
        return all;
    }

    private Contribution admit(Contribution update) throws IOException {
        Path file = update.model().path();
        Path unpacked = place.resolve("unpacked-" + update.id() + ".npz");
        Digest digest = update.digest().orElseThrow();
        if (admission.judge(file, Files.size(file), digest, Optional.of(unpacked)) instanceof Accepted accepted) {
            if (accepted.unpacked().isEmpty()) {
                return update;
            }
            ModelFile copy = ModelFile.open(unpacked);
            open.add(copy);
            return new Contribution(
                    update.id(), copy, update.weight(), accepted.unpacked().get());
        }
        throw new IOException(file + " is not admitted");
    }

    @Override
    public void close() throws IOException {
        for (ModelFile model : open) {
            model.close();
            Files.deleteIfExists(model.path());
        }
    }
}
