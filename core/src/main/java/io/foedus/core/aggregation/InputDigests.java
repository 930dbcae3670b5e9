package io.foedus.core.aggregation;

import io.foedus.core.models.Digest;
import io.foedus.core.models.PassingDigest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether contributions are the files they should be: by the fold's own reading where a file lies in the
 * order in which the fold walks, by reading it once more where it does not.
 */
final class InputDigests {
    private final List<Contribution> contributions;
    private final List<@Nullable PassingDigest> passing = new ArrayList<>();
    private final List<Contribution> beside = new ArrayList<>();

    /** @param inOrder whether the fold walks block after block through all tensors */
    InputDigests(FoldInputs inputs, boolean inOrder) throws IOException {
        this.contributions = inputs.contributions();
        for (int i = 0; i < contributions.size(); i++) {
            Contribution contribution = contributions.get(i);
            boolean asked = contribution.digest().isPresent();
            boolean passes = inOrder && !inputs.sums()[i]; // a sum's planes lie one behind the other
            PassingDigest digest =
                    asked && passes ? contribution.model().passingDigest().orElse(null) : null;
            passing.add(digest);
            if (asked && digest == null) {
                beside.add(contribution);
            }
        }
    }

    /** The digest that must be shown all that is read of a contribution, if there is one. */
    @Nullable PassingDigest of(int contribution) {
        return passing.get(contribution);
    }

    /** The contributions that must be read once more, by {@link #verify(Contribution, Digest)}. */
    List<Contribution> beside() {
        return beside;
    }

    static void verify(Contribution contribution) throws IOException {
        verify(contribution, contribution.model().digest());
    }

    /** Judges the digests that passed, once all has been read. */
    void verifyPassed() throws IOException {
        for (int i = 0; i < passing.size(); i++) {
            PassingDigest digest = passing.get(i);
            if (digest != null) {
                verify(contributions.get(i), digest.finish());
            }
        }
    }

    private static void verify(Contribution contribution, Digest found) throws FoldException {
        Digest expected = contribution.digest().orElse(found);
        if (!found.equals(expected)) {
            throw new FoldException(
                    "contribution " + contribution.id() + " is not the file it should be: its SHA-256 is "
                            + found.brief() + "…, expected " + expected.brief() + "…");
        }
    }

    /** Lets nobody wait for a thread that has failed. */
    void abandon() {
        for (PassingDigest digest : passing) {
            if (digest != null) {
                digest.abandon();
            }
        }
    }
}
