package io.foedus.agent.packages;

/**
 * How much an archive may become.
 *
 * @param entries most files and folders
 * @param bytes most bytes of all files together, unpacked
 */
public record UnpackLimits(int entries, long bytes) {
    /** 20,000 entries, 4 GiB. */
    public static final UnpackLimits DEFAULT = new UnpackLimits(20_000, 4L << 30);
}
