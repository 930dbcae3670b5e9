package io.foedus.core.models;

/**
 * How much a file may claim before it is refused.
 *
 * @param maxTensors number of tensors
 * @param maxHeaderBytes bytes of any single header (an npy header, a safetensors header, a ZIP directory)
 * @param maxPayloadBytes bytes of all tensors after inflation
 * @param maxExpansion largest ratio of a member's inflated to its deflated size; deflate itself cannot exceed 1032
 */
public record ReadLimits(int maxTensors, int maxHeaderBytes, long maxPayloadBytes, int maxExpansion) {
    /** 100,000 tensors, 64 MiB of header, 1 TiB of payload, expansion 1032 (anything that deflate can produce). */
    public static final ReadLimits DEFAULT = new ReadLimits(100_000, 64 << 20, 1L << 40, 1032);

    /** For a model that sets the layout of others: as above, but at most 20,000 tensors. */
    public static final ReadLimits SEED = DEFAULT.withMaxTensors(20_000);

    public ReadLimits withMaxTensors(int tensors) {
        return new ReadLimits(tensors, maxHeaderBytes, maxPayloadBytes, maxExpansion);
    }

    public ReadLimits withMaxHeaderBytes(int bytes) {
        return new ReadLimits(maxTensors, bytes, maxPayloadBytes, maxExpansion);
    }

    public ReadLimits withMaxPayloadBytes(long bytes) {
        return new ReadLimits(maxTensors, maxHeaderBytes, bytes, maxExpansion);
    }

    public ReadLimits withMaxExpansion(int ratio) {
        return new ReadLimits(maxTensors, maxHeaderBytes, maxPayloadBytes, ratio);
    }
}
