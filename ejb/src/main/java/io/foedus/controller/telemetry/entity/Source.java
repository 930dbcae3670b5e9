package io.foedus.controller.telemetry.entity;

/** Who sent a sample. */
public enum Source {
    /** By the name of its node. */
    CONTROLLER,
    /** By its id. */
    COMBINER,
    /** By its id. */
    CLIENT
}
