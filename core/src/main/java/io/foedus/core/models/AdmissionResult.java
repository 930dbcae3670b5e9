package io.foedus.core.models;

import java.util.Optional;

/** What became of a file at the door: a value, not an exception, because a bad update is daily business. */
public sealed interface AdmissionResult {
    boolean accepted();

    /** The same for a file whose numbers were cast to the model's dtypes, as they will be in each fold. */
    default AdmissionResult castFrom(Optional<String> difference) {
        return this;
    }

    /**
     * The file may be folded.
     *
     * @param digest SHA-256 of the file
     * @param bytes size of the file
     * @param elements number of elements
     * @param norm L2 norm of the floating tensors, of the difference to the global model where one was given
     * @param unpacked SHA-256 of the copy that is folded instead, if one was asked for and made
     * @param cast the first dtype that differs from the model's, in words, if one does
     */
    record Accepted(
            Digest digest, long bytes, long elements, double norm, Optional<Digest> unpacked, Optional<String> cast)
            implements AdmissionResult {
        @Override
        public Accepted castFrom(Optional<String> difference) {
            return new Accepted(digest, bytes, elements, norm, unpacked, difference);
        }

        @Override
        public boolean accepted() {
            return true;
        }
    }

    /**
     * The file may not be folded.
     *
     * @param code for programs and statistics
     * @param reason for people: what is wrong, and where
     */
    record Rejected(Code code, String reason) implements AdmissionResult {
        @Override
        public boolean accepted() {
            return false;
        }
    }

    /** Why a file was refused. */
    enum Code {
        /** The file is not a model, or is damaged. */
        MALFORMED,
        /** Size or digest differ from what the sender declared. */
        DECLARATION,
        /** The file or what it inflates to exceeds a limit. */
        TOO_LARGE,
        /** Names, order or shapes differ from the global model's, or dtypes that cannot be cast to its. */
        LAYOUT,
        /** A value is NaN or infinite. */
        NOT_FINITE,
        /** A value is so large that sums with it would overflow. */
        OUT_OF_SCALE,
        /** The norm is outside the band. */
        NORM
    }
}
