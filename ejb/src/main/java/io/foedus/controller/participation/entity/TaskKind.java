package io.foedus.controller.participation.entity;

/** What a client is asked to do in a round. */
public enum TaskKind {
    TRAIN,
    VALIDATE
}
