package io.foedus.controller.identity.entity;

/** What an account is in one alliance; each role includes those after it. */
public enum Role {
    /** Runs the alliance: sessions, packages, models, clients, members, join tokens. */
    OPERATOR,
    /** Takes part with a site: reads everything, may download models. */
    MEMBER,
    /** Reads. */
    VIEWER;

    /** Whether this role includes {@code other}. */
    public boolean includes(Role other) {
        return ordinal() <= other.ordinal();
    }
}
