package io.foedus.web.fedn;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.web.bodies.FormPart;
import io.foedus.web.bodies.MultipartForm;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A form with a file, as {@code requests} sends it. Closing it deletes what was received. */
record Form(MultipartForm form) implements AutoCloseable {
    private static final int LONGEST = 4_000;

    /**
     * Receives a form, after it is known that the caller may send it.
     *
     * @param most bytes that its file may have
     */
    static Form of(String contentType, InputStream body, ControllerConfig config, long most) throws IOException {
        return new Form(MultipartForm.of(contentType, body, config.data().resolve("scratch"), most));
    }

    /** The part {@code file}, or 400. */
    FormPart file() {
        return form.part("file").orElseThrow(() -> FednErrors.bad("The form has no part 'file'."));
    }

    /** A short text, if it is there. */
    Optional<String> text(String name) {
        return form.part(name)
                .map(FormPart::text)
                .map(text -> text.substring(0, Math.min(LONGEST, text.length())).strip())
                .filter(text -> !text.isEmpty());
    }

    @Override
    public void close() throws IOException {
        form.close();
    }
}
