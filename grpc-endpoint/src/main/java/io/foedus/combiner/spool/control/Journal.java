package io.foedus.combiner.spool.control;

import io.foedus.combiner.json.Json;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Facts in the order they became true, one JSON object a line. {@link #append} returns when the line is on the disk.
 * Used by one thread at a time.
 */
public final class Journal<T> implements Closeable {
    private final FileChannel file;
    private final List<T> past;

    private Journal(FileChannel file, List<T> past) {
        this.file = file;
        this.past = past;
    }

    /** Opens a journal, creating it if need be; a line that a crash tore is cut off. */
    public static <T> Journal<T> open(Path path, Class<T> type) throws IOException {
        List<T> past = new ArrayList<>();
        long good = 0;
        if (Files.exists(path)) {
            byte[] bytes = Files.readAllBytes(path);
            int begin = 0;
            for (int i = 0; i < bytes.length; i++) {
                if (bytes[i] == '\n') {
                    past.add(Json.read(new String(bytes, begin, i - begin, StandardCharsets.UTF_8), type));
                    begin = i + 1;
                }
            }
            good = begin;
        }
        FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        file.truncate(good).position(good);
        return new Journal<>(file, past);
    }

    /** What it held when it was opened. */
    public List<T> past() {
        return past;
    }

    public void append(T fact) throws IOException {
        append(List.of(fact));
    }

    /** Appends several facts with one force: all of them or, when the disk is full, none. */
    public void append(List<T> facts) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (T fact : facts) {
            lines.append(Json.write(fact)).append('\n');
        }
        ByteBuffer bytes = ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8));
        long end = file.position();
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(false);
        } catch (IOException e) {
            file.truncate(end);
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
