package io.foedus.combiner.uplink.entity;

/** What a task or a share is for. */
public enum TaskKind {
    TRAIN,
    VALIDATE
}
