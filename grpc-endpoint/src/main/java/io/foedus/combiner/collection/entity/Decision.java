package io.foedus.combiner.collection.entity;

import java.util.List;

/** What an event leads to: where the share stands now, and what is to be done, in order. */
public record Decision(ShareState state, List<Effect> effects) {
    public Decision {
        effects = List.copyOf(effects);
    }
}
