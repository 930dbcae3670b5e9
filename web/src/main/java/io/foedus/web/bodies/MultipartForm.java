package io.foedus.web.bodies;

import io.foedus.controller.refusals.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A form that may hold files, received whole: texts in memory, files in a folder. Closing it deletes the files. */
public final class MultipartForm implements AutoCloseable {
    private static final int LONGEST_TEXT = 64 << 10;
    private static final int MOST_PARTS = 64;

    private final List<FormPart> parts = new ArrayList<>();

    private MultipartForm() {}

    /**
     * Receives a form.
     *
     * @param folder for the files; made if it is not there
     * @param most bytes that the files may have together
     * @throws Refusal {@code BAD_MULTIPART} or {@code TOO_LARGE}; nothing is left then
     */
    public static MultipartForm of(String contentType, InputStream body, Path folder, long most) throws IOException {
        MultipartForm form = new MultipartForm();
        try {
            form.receive(new Multipart(contentType, body), Files.createDirectories(folder), most);
            return form;
        } catch (IOException | RuntimeException e) {
            form.close();
            throw e;
        }
    }

    private void receive(Multipart incoming, Path folder, long most) throws IOException {
        long left = most;
        for (Optional<Multipart.Head> next = incoming.next(); next.isPresent(); next = incoming.next()) {
            if (parts.size() == MOST_PARTS) {
                throw Refusal.tooLarge(
                        "TOO_LARGE", "The form has more than " + MOST_PARTS + " parts.", "Send one file at a time.");
            }
            Multipart.Head head = next.get();
            if (head.parameter("filename").isPresent()) {
                Path file = Files.createTempFile(folder, "upload-", ".tmp");
                parts.add(new FormPart(head, new byte[0], file));
                try (OutputStream out = Files.newOutputStream(file);
                        var buffered = new java.io.BufferedOutputStream(out, 128 << 10)) {
                    left -= incoming.copyTo(buffered, left);
                }
            } else {
                ByteArrayOutputStream text = new ByteArrayOutputStream();
                incoming.copyTo(text, LONGEST_TEXT);
                parts.add(new FormPart(head, text.toByteArray(), null));
            }
        }
    }

    public List<FormPart> parts() {
        return List.copyOf(parts);
    }

    /** The first part of a name. */
    public Optional<FormPart> part(String name) {
        return parts.stream().filter(part -> part.getName().equals(name)).findFirst();
    }

    @Override
    public void close() throws IOException {
        for (FormPart part : parts) {
            part.delete();
        }
    }
}
