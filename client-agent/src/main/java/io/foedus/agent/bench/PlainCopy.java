package io.foedus.agent.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** The least that any fold must do: read all inputs, write one output. On one thread, without looking at a byte. */
final class PlainCopy {
    private PlainCopy() {}

    static double seconds(List<Path> inputs, Path output, Path copy) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18);
        Files.deleteIfExists(copy);
        long start = System.nanoTime();
        for (Path input : inputs) {
            try (FileChannel in = FileChannel.open(input, StandardOpenOption.READ)) {
                while (in.read(buffer.clear()) >= 0) {
                    // bytes are read and forgotten
                }
            }
        }
        try (FileChannel in = FileChannel.open(output, StandardOpenOption.READ);
                FileChannel out = FileChannel.open(copy, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            while (in.read(buffer.clear()) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        Files.delete(copy);
        return seconds;
    }
}
