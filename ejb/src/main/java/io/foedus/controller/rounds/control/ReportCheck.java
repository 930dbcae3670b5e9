package io.foedus.controller.rounds.control;

import io.foedus.controller.blobs.BlobReferences;
import io.foedus.controller.refusals.Refusal;
import io.foedus.controller.rounds.entity.Share;
import io.foedus.core.blobs.BlobStore;
import io.foedus.core.exchange.ShareReport;
import io.foedus.core.exchange.ShareReport.Input;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.models.Digest;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** Whether a share's report is sound in itself and its bytes are in the store. */
@Dependent
public class ReportCheck {
    private static final long MOST_EXAMPLES = 1L << 40;

    @Inject
    BlobStore blobs;

    @Inject
    EntityManager entities;

    /** @throws Refusal {@code ALREADY_REPORTED} if this is not what was reported before */
    public void same(Share share, ShareReport report) {
        String before = share.partial() == null ? null : share.partial().digest();
        String now = report.partial() == null ? null : report.partial().digest();
        boolean leftOut = share.tally().rejected() > report.tally().rejected(); // by the reducer, since
        if (!Objects.equals(before, now) || (!leftOut && share.examples() != report.examples())) {
            throw Refusal.conflict(
                    "ALREADY_REPORTED", "Another result of this share was recorded already.", "The first one counts.");
        }
    }

    /**
     * @param mostExamples that an update of the alliance may claim
     * @throws Refusal {@code BAD_REPORT}, {@code BLOB_MISSING}, or {@code TOO_MANY_EXAMPLES} naming the clients
     */
    public void complete(ShareReport report, long mostExamples) {
        if (report.kind() == TaskKind.VALIDATE) {
            return;
        }
        if (report.tally().accepted() != report.inputs().size()) {
            throw bad(report.tally().accepted() + " updates are said to be accepted, "
                    + report.inputs().size() + " are listed");
        }
        long examples = 0;
        for (Input input : report.inputs()) {
            if (input.examples() < 1 || input.examples() > MOST_EXAMPLES || !(input.weight() >= 0)) {
                throw bad("client " + input.clientId() + " cannot have " + input.examples() + " examples");
            }
            examples += input.examples();
        }
        if (report.inputs().stream().map(Input::clientId).distinct().count()
                != report.inputs().size()) {
            throw bad("a client is listed twice");
        }
        if (examples != report.examples()) {
            throw bad("the inputs have " + examples + " examples together, not " + report.examples());
        }
        List<UUID> excessive = report.inputs().stream()
                .filter(input -> input.examples() > mostExamples)
                .map(Input::clientId)
                .toList();
        if (!excessive.isEmpty()) {
            throw Refusal.conflict(
                            "TOO_MANY_EXAMPLES",
                            excessive.size() + " of the updates claim more than the " + mostExamples
                                    + " examples that this alliance takes of one.",
                            "Fold again without them.")
                    .with("clients", excessive);
        }
        BlobReferences.protect(entities);
        if (report.partial() != null) {
            require(report.partial().digest());
        } else {
            report.inputs().forEach(input -> require(input.digest()));
        }
    }

    private void require(String digest) {
        try {
            if (!blobs.has(new Digest(digest))) {
                throw Refusal.unacceptable(
                        "BLOB_MISSING", "The bytes of " + digest + " are not here.", "PUT them first, then report.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (IllegalArgumentException e) {
            throw bad(e.getMessage());
        }
    }

    private static Refusal bad(String what) {
        return Refusal.unacceptable("BAD_REPORT", "The report contradicts itself: " + what + ".", "Mend the combiner.");
    }
}
