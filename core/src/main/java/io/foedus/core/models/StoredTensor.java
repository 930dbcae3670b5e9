package io.foedus.core.models;

import java.nio.ByteOrder;

/**
 * Where and how one tensor lies in a file.
 *
 * @param offset first byte of the payload, or of the deflate stream that contains it
 * @param deflatedBytes length of the deflate stream, or -1 if the payload is stored as it is
 * @param skip bytes to drop from the inflated stream before the payload begins; 0 if stored
 * @param order byte order of the elements
 * @param fortran whether the first index varies fastest
 */
public record StoredTensor(
        TensorSpec spec, long offset, long deflatedBytes, int skip, ByteOrder order, boolean fortran) {
    public boolean deflated() {
        return deflatedBytes >= 0;
    }

    /** Whether memory order differs from C order; false where Fortran order means the same (0-d, 1-d, empty). */
    public boolean transposed() {
        return fortran && spec.shape().stream().filter(extent -> extent > 1).count() > 1;
    }
}
