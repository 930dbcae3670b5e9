package io.foedus.core.exchange;

import java.util.Set;
import java.util.UUID;

/** What the controller made of a share's report; its status and its problem say which. */
public sealed interface ShareAnswer {
    /** It is recorded; saying it again does no harm. */
    record Recorded() implements ShareAnswer {}

    /** These clients count elsewhere; fold again without them. */
    record Conflicting(Set<UUID> clients) implements ShareAnswer {}

    /** These clients claim more examples than one update may have; fold again without them. */
    record Excessive(Set<UUID> clients, String detail) implements ShareAnswer {}

    /** This combiner no longer acts for the share, or nobody does. */
    record Fenced(String detail) implements ShareAnswer {}
}
