package io.foedus.core.exchange;

/** What a client is asked to do in a round, and what a share is for. */
public enum TaskKind {
    TRAIN,
    VALIDATE
}
