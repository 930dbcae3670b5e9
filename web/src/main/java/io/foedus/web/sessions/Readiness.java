package io.foedus.web.sessions;

import io.foedus.controller.refusals.Refusal;

/**
 * Whether a session could do something now. Pure.
 *
 * @param model whether there is a model to start from
 * @param code whether there is a compute package to run; without one clients must bring their own code
 * @param attached clients that are attached now
 * @param least clients that each round needs
 */
public record Readiness(boolean model, boolean code, int attached, int least) {
    /** Whether it can be made, to be started later. */
    public boolean makeable() {
        return model;
    }

    /** Whether its first round could begin at once. */
    public boolean startable() {
        return model && attached >= least;
    }

    /** Why clients are too few, in words. */
    public String tooFew() {
        return (attached == 0 ? "No client is" : attached == 1 ? "1 client is" : attached + " clients are")
                + " attached, and each round needs at least " + least + ".";
    }

    /** @throws Refusal if it cannot be made, or not be started when it shall be */
    void require(boolean start) {
        if (!model) {
            throw Refusal.conflict(
                    "NO_MODEL", "There is no model to start from.", "Upload a seed model first (Models).");
        }
        if (start && attached < least) {
            throw Refusal.conflict(
                    "TOO_FEW_CLIENTS",
                    tooFew(),
                    "Let more clients join, ask for fewer, or create the session now and start it later.");
        }
    }
}
