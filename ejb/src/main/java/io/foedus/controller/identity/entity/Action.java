package io.foedus.controller.identity.entity;

/** What can be asked of the controller, as far as permission distinguishes it. */
public enum Action {
    /** See an alliance with its sessions, rounds, models, clients, events. */
    READ("see this alliance"),
    /** Get a model's bytes. */
    DOWNLOAD_MODEL("download models"),
    /** Sessions, packages, seed models, clients, join tokens, members, title and description. */
    OPERATE("operate this alliance"),
    /** Accounts, alliances' creation and end, combiners, combiner join tokens, the audit log. */
    ADMINISTER("administer this installation"),
    /** Make and revoke own tokens, see oneself. */
    OWN("manage their own tokens"),
    /** Bring a client into the alliance of the join token. */
    JOIN_AS_CLIENT("join as a client"),
    /** What an agent does for its own client. */
    ATTEND("attend as an agent"),
    /** Register a new combiner. */
    JOIN_AS_COMBINER("join as a combiner"),
    /** What a combiner does: orders, claims, updates, shares, blobs. */
    COMBINE("act as a combiner");

    private final String words;

    Action(String words) {
        this.words = words;
    }

    /** The action in words that complete "may not …". */
    public String words() {
        return words;
    }
}
