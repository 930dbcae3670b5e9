package io.foedus.core.round;

/** What a round waits for. */
public enum RoundMode {
    /** For its target of clients; the deadline only guards against those that never answer. */
    SYNCHRONOUS,
    /** For its deadline: everything that came until then is folded. */
    DEADLINE,
    /** For a full buffer of updates, whichever model they started from (FedBuff, arXiv:2106.06639). */
    BUFFERED
}
