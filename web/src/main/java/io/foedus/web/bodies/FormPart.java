package io.foedus.web.bodies;

import io.foedus.controller.refusals.Refusal;
import jakarta.servlet.http.Part;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** A part of a form that was received: a short text, or a file that is gone when its form is closed. */
public final class FormPart implements Part {
    private final Multipart.Head head;
    private final byte[] text;
    private final Optional<Path> file;

    FormPart(Multipart.Head head, byte[] text, Path file) {
        this.head = head;
        this.text = text;
        this.file = Optional.ofNullable(file);
    }

    /** The text of a part that is no file. */
    public String text() {
        return new String(text, StandardCharsets.UTF_8);
    }

    public boolean isFile() {
        return file.isPresent();
    }

    /**
     * The file.
     *
     * @throws Refusal {@code NO_FILE} if the part is a text
     */
    public Path path() {
        return file.orElseThrow(() ->
                Refusal.malformed("NO_FILE", "The part '" + getName() + "' is no file.", "Send it with a file name."));
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return file.isPresent() ? Files.newInputStream(file.get()) : new ByteArrayInputStream(text);
    }

    @Override
    public long getSize() {
        try {
            return file.isPresent() ? Files.size(file.get()) : text.length;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Moves a file, or writes a text, to a place whose path is absolute. */
    @Override
    public void write(String target) throws IOException {
        if (file.isPresent()) {
            Files.move(file.get(), Path.of(target), StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.write(Path.of(target), text);
        }
    }

    @Override
    public void delete() throws IOException {
        if (file.isPresent()) {
            Files.deleteIfExists(file.get());
        }
    }

    @Override
    public String getName() {
        return head.parameter("name").orElse("");
    }

    @Override
    public String getSubmittedFileName() {
        return head.parameter("filename").orElse(null);
    }

    @Override
    public String getContentType() {
        return getHeader("Content-Type");
    }

    @Override
    public String getHeader(String name) {
        return head.header(name).orElse(null);
    }

    @Override
    public Collection<String> getHeaders(String name) {
        return head.header(name).map(List::of).orElse(List.of());
    }

    @Override
    public Collection<String> getHeaderNames() {
        Collection<String> names = new TreeSet<>();
        head.lines().forEach(line -> names.add(line.replaceFirst(":.*", "").toLowerCase(Locale.ROOT)));
        return names;
    }
}
