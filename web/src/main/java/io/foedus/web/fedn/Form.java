package io.foedus.web.fedn;

import jakarta.ws.rs.core.EntityPart;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** A form with a file, as {@code requests} sends it. */
record Form(List<EntityPart> parts) {
    private static final int LONGEST = 4_000;

    /** The part {@code file}, or 400. */
    EntityPart file() {
        return part("file").orElseThrow(() -> FednErrors.bad("The form has no part 'file'."));
    }

    /** A short text, if it is there. */
    Optional<String> text(String name) throws IOException {
        Optional<EntityPart> part = part(name);
        if (part.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream content = part.get().getContent()) {
            String text = new String(content.readNBytes(LONGEST), StandardCharsets.UTF_8).strip();
            return text.isEmpty() ? Optional.empty() : Optional.of(text);
        }
    }

    private Optional<EntityPart> part(String name) {
        return parts.stream().filter(part -> name.equals(part.getName())).findFirst();
    }
}
