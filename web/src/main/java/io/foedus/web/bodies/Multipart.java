package io.foedus.web.bodies;

import io.foedus.controller.refusals.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parts of a {@code multipart/form-data} body, one after another as they come. Holds no part in memory. */
final class Multipart {
    private static final Pattern BOUNDARY =
            Pattern.compile("boundary=(?:\"([^\"]{1,70})\"|([^\\s;\"]{1,70}))", Pattern.CASE_INSENSITIVE);
    private static final int LONGEST_HEADERS = 8 << 10;

    private final InputStream in;
    private final byte[] delimiter;
    private final byte[] buffer = new byte[64 << 10];
    private int at;
    private int end;
    private boolean begun;

    /** @throws Refusal {@code BAD_MULTIPART} if the content type names no boundary */
    Multipart(String contentType, InputStream body) {
        Matcher boundary = BOUNDARY.matcher(contentType == null ? "" : contentType);
        if (!boundary.find()) {
            throw malformed("its Content-Type has no boundary");
        }
        String mark = boundary.group(1) == null ? boundary.group(2) : boundary.group(1);
        delimiter = ("\r\n--" + mark).getBytes(StandardCharsets.ISO_8859_1);
        in = body;
    }

    /** What stands before a part's content. */
    record Head(List<String> lines) {
        /** The header's value, empty if it is not there. */
        Optional<String> header(String name) {
            return lines.stream()
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst();
        }

        /** A parameter of {@code Content-Disposition}: {@code name} or {@code filename}. */
        Optional<String> parameter(String name) {
            String disposition = header("Content-Disposition").orElse("");
            Matcher encoded = Pattern.compile(";\\s*" + name + "\\*=utf-8''([^;\\s]*)", Pattern.CASE_INSENSITIVE)
                    .matcher(disposition);
            if (encoded.find()) {
                return Optional.of(decoded(encoded.group(1)));
            }
            Matcher plain = Pattern.compile(
                            ";\\s*" + name + "=(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^;\\s]*))", Pattern.CASE_INSENSITIVE)
                    .matcher(disposition);
            return plain.find()
                    ? Optional.of(
                            plain.group(1) == null
                                    ? plain.group(2)
                                    : plain.group(1).replaceAll("\\\\(.)", "$1"))
                    : Optional.empty();
        }

        private static String decoded(String text) {
            try {
                return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                throw malformed("a file name in it is not encoded as it says");
            }
        }
    }

    /** Goes to the next part, whose content must then be {@linkplain #copyTo copied}; empty at the end. */
    Optional<Head> next() throws IOException {
        if (!begun) {
            begun = true;
            copy(OutputStream.nullOutputStream(), LONGEST_HEADERS, 2);
        }
        int first = read();
        int second = read();
        if (first == '-' && second == '-') {
            return Optional.empty();
        }
        if (first != '\r' || second != '\n') {
            throw malformed("something stands beside a boundary");
        }
        List<String> lines = new ArrayList<>();
        int left = LONGEST_HEADERS;
        for (String line = line(left); !line.isEmpty(); line = line(left)) {
            lines.add(line);
            left -= line.length() + 2;
        }
        return Optional.of(new Head(lines));
    }

    private String line(int most) throws IOException {
        byte[] bytes = new byte[Math.max(0, most)];
        for (int length = 0; length < bytes.length; length++) {
            int next = read();
            if (next < 0) {
                throw malformed("it ends within a part's headers");
            }
            if (next == '\n' && length > 0 && bytes[length - 1] == '\r') {
                return new String(bytes, 0, length - 1, StandardCharsets.UTF_8);
            }
            bytes[length] = (byte) next;
        }
        throw malformed("a part's headers are longer than " + LONGEST_HEADERS + " bytes");
    }

    /**
     * Copies the content of the part.
     *
     * @throws Refusal {@code TOO_LARGE} if it has more than {@code most} bytes
     */
    long copyTo(OutputStream out, long most) throws IOException {
        return copy(out, most, 0);
    }

    /** A delimiter holds {@code \r} at its beginning only, so after a mismatch a new one can begin here or later. */
    private long copy(OutputStream out, long most, int alreadyMatched) throws IOException {
        long copied = 0;
        int matched = alreadyMatched;
        while (matched < delimiter.length) {
            if (matched == 0) {
                int plain = plainBytes();
                copied = counted(copied + plain, most);
                out.write(buffer, at, plain);
                at += plain;
            }
            int next = read();
            if (next < 0) {
                throw malformed("it ends within a part");
            }
            if (next == delimiter[matched]) {
                matched++;
                continue;
            }
            int fresh = next == delimiter[0] ? 1 : 0;
            copied = counted(copied + matched + 1 - fresh, most);
            out.write(delimiter, 0, matched);
            if (fresh == 0) {
                out.write(next);
            }
            matched = fresh;
        }
        return copied;
    }

    private static long counted(long bytes, long most) {
        if (bytes > most) {
            throw Refusal.tooLarge(
                    "TOO_LARGE",
                    "A part of the form has more than " + most + " bytes.",
                    "Send less, or ask an admin for a higher limit.");
        }
        return bytes;
    }

    /** How many bytes at hand come before the next that a delimiter can begin with. */
    private int plainBytes() {
        int to = at;
        while (to < end && buffer[to] != delimiter[0]) {
            to++;
        }
        return to - at;
    }

    private int read() throws IOException {
        if (at == end) {
            at = 0;
            end = Math.max(0, in.read(buffer, 0, buffer.length));
        }
        return at == end ? -1 : buffer[at++] & 0xff;
    }

    private static Refusal malformed(String why) {
        return Refusal.malformed(
                "BAD_MULTIPART", "The form is no multipart/form-data: " + why + ".", "Send it as browsers do.");
    }
}
