package io.foedus.core.models;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Delivers a tensor that lies in Fortran order as if it lay in C order. The payload is mapped, not loaded; a deflated
 * one is first inflated into a temporary file, since its elements are needed out of order.
 */
final class TransposedSource implements ByteSource {
    private static final long WINDOW = 1L << 30;

    private final FileChannel file;
    private final boolean temporary;
    private final ByteBuffer[] windows;
    private final long[] extents;
    private final long[] strides;
    private final int width;

    TransposedSource(FileChannel original, StoredTensor tensor) throws IOException {
        TensorSpec spec = tensor.spec();
        temporary = tensor.deflated();
        file = temporary ? inflated(original, tensor) : original;
        long start = temporary ? 0 : tensor.offset();
        width = spec.dtype().bytes();
        windows = new ByteBuffer[(int) ((spec.bytes() + WINDOW - 1) / WINDOW)];
        for (int i = 0; i < windows.length; i++) {
            long from = i * WINDOW;
            windows[i] = file.map(MapMode.READ_ONLY, start + from, Math.min(WINDOW, spec.bytes() - from));
        }
        List<Long> shape = spec.shape();
        extents = shape.stream().mapToLong(Long::longValue).toArray();
        strides = new long[extents.length];
        long stride = 1;
        for (int axis = 0; axis < extents.length; axis++) {
            strides[axis] = stride;
            stride *= extents[axis];
        }
    }

    private static FileChannel inflated(FileChannel original, StoredTensor tensor) throws IOException {
        Path spool = Files.createTempFile("foedus-fortran-", ".bin");
        FileChannel channel = FileChannel.open(
                spool, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
        try (ByteSource source = ByteSource.of(original, tensor)) {
            long bytes = tensor.spec().bytes();
            for (long done = 0; done < bytes; done += buffer.limit()) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), bytes - done));
                source.read(buffer, done);
                Channels.writeFully(channel, buffer.flip(), done);
            }
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void read(ByteBuffer into, long position) {
        long[] index = indexOf(position / width);
        long place = 0;
        for (int axis = 0; axis < index.length; axis++) {
            place += index[axis] * strides[axis];
        }
        while (into.remaining() >= width) {
            long at = place * width;
            ByteBuffer window = windows[(int) (at / WINDOW)];
            for (int b = 0; b < width; b++) {
                into.put(window.get((int) (at % WINDOW) + b));
            }
            place = advance(index, place);
        }
    }

    private long[] indexOf(long element) {
        long[] index = new long[extents.length];
        long rest = element;
        for (int axis = extents.length - 1; axis >= 0; axis--) {
            index[axis] = rest % extents[axis];
            rest /= extents[axis];
        }
        return index;
    }

    private long advance(long[] index, long place) {
        long next = place;
        for (int axis = extents.length - 1; axis >= 0; axis--) {
            next += strides[axis];
            if (++index[axis] < extents[axis]) {
                return next;
            }
            next -= extents[axis] * strides[axis];
            index[axis] = 0;
        }
        return next;
    }

    @Override
    public void close() {
        if (temporary) {
            try {
                file.close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
