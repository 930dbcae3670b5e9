package io.foedus.packages;

/**
 * How much an archive may become.
 *
 * @param entries most files and folders
 * @param bytes most bytes of all files together, unpacked
 */
public record UnpackLimits(int entries, long bytes) {
    /** What agents accept, 20,000 entries and 4 GiB; a controller may accept less, never more. */
    public static final UnpackLimits DEFAULT = new UnpackLimits(20_000, 4L << 30);

    /** Up to here an archive may unpack whatever its own size is. */
    private static final long NO_BOMB_BYTES = 64L << 20;

    /** Source code and models pack to a tenth at best; zeros pack to a thousandth. */
    private static final int MOST_TIMES_ITS_SIZE = 200;

    /** Most bytes that an archive of that size may unpack to. */
    long bytesOf(long archiveSize) {
        return Math.min(bytes, Math.max(NO_BOMB_BYTES, archiveSize * MOST_TIMES_ITS_SIZE));
    }
}
