package io.foedus.controller.events.entity;

/** How much an event asks for attention. */
public enum Severity {
    INFO,
    WARNING,
    ERROR
}
