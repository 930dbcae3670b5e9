package io.foedus.controller.news.entity;

/** What changed; the id that goes with it is told here. */
public enum Topic {
    /** A session, by its id. */
    SESSION,
    /** A round or one of its shares, by the round's id. */
    ROUND,
    /** Orders, epoch or draining of a combiner, by its id. */
    COMBINER,
    /** Clients attached to or detached from an alliance, by the alliance's id. */
    CLIENTS,
    /** A new model, by the alliance's id. */
    MODELS,
    /** Validations that arrived, by the round's id. */
    VALIDATIONS,
    /** Updates with their fates, by the round's id. */
    UPDATES,
    /** A new event, by the alliance's id. */
    EVENTS
}
