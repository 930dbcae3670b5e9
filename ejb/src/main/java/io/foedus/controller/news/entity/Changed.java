package io.foedus.controller.news.entity;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** Something was changed and committed, here or at another controller. */
public record Changed(Topic topic, UUID id) {
    /** As it travels: {@code round 0199…}. */
    public String text() {
        return topic.name().toLowerCase(Locale.ROOT) + " " + id;
    }

    /** Reads what travelled; empty if a newer controller told something that this one does not know. */
    public static Optional<Changed> parse(String text) {
        String[] words = text.split(" ");
        if (words.length != 2) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Changed(Topic.valueOf(words[0].toUpperCase(Locale.ROOT)), UUID.fromString(words[1])));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
