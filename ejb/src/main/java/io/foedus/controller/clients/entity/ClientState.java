package io.foedus.controller.clients.entity;

/** Where a client stands, as the controller knows it. */
public enum ClientState {
    /** Known, never attached to a combiner. */
    REGISTERED,
    /** A combiner says that it holds the client's stream. */
    ATTACHED,
    /** It was attached; the reason says why it is not any more. */
    DETACHED,
    /** It may not come back; its tokens and tickets are refused. */
    REVOKED
}
