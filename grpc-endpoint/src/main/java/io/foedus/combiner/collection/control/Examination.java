package io.foedus.combiner.collection.control;

import io.foedus.combiner.collection.entity.Refusal;
import io.foedus.core.exchange.Order;
import io.foedus.core.models.Admission;
import io.foedus.core.models.AdmissionResult;
import io.foedus.core.models.AdmissionResult.Accepted;
import io.foedus.core.models.AdmissionResult.Rejected;
import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelFormats;
import io.foedus.core.models.ReadLimits;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Decides whether an uploaded update may be folded: its digest, its layout against the base model's, to whose dtypes it
 * is cast, every value finite. Immutable; blocks for as long as reading the file takes.
 */
final class Examination {
    private static final Logger LOG = System.getLogger(Examination.class.getName());

    private final Admission admission;

    private Examination(Admission admission) {
        this.admission = admission;
    }

    /** Reads the base model's layout. */
    static Examination against(Path base, Order.Model model) throws IOException {
        try (ModelFile file =
                ModelFile.open(base, Optional.of(ModelFormats.byId(model.format())), ReadLimits.DEFAULT)) {
            return new Examination(Admission.to(file.layout()).expecting(file.format()));
        }
    }

    /** Largest file that can be right, in bytes. */
    long mostBytes() {
        return admission.maxFileBytes();
    }

    /**
     * Judges a file.
     *
     * @param digest as it was computed when the bytes came
     * @param unpacked where a stored copy of a deflated update goes, so that the fold need not inflate it; nothing is
     *     there afterwards if the file is refused, stored itself, or there is no room
     */
    Verdict judge(Path file, long size, String digest, Path unpacked) throws IOException {
        Files.deleteIfExists(unpacked);
        AdmissionResult result;
        try {
            result = admission.judge(file, size, new Digest(digest), Optional.of(unpacked));
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "An update is folded as it came, it cannot be unpacked: {0}", e.toString());
            result = admission.judge(file, size, new Digest(digest), Optional.empty());
        }
        if (result instanceof Rejected rejected) {
            return new Verdict(Optional.of(new Refusal(rejected.code().name(), rejected.reason())), Optional.empty());
        }
        return new Verdict(Optional.empty(), ((Accepted) result).cast());
    }

    /**
     * What is said of a file.
     *
     * @param refusal the reason to refuse it; empty if it may be folded
     * @param cast how its dtypes differ from the model's, if they do: it is cast to them in the fold
     */
    record Verdict(Optional<Refusal> refusal, Optional<String> cast) {}
}
