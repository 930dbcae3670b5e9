package io.foedus.core.exchange;

/** How much an event matters. */
public enum Severity {
    INFO,
    WARNING,
    ERROR
}
