package io.foedus.protocol.transfer;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.CallStreamObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/**
 * Sends part of a file as messages of one call, only while the call is ready.
 *
 * <p>Hand {@link #pump} to {@code setOnReadyHandler} and call it once to begin. It is synchronized, returns when the
 * call is not ready any more, and completes the call after the last byte. The channel is read by position and stays
 * open; an {@link IOException} is thrown as {@link java.io.UncheckedIOException} and the call is left to the caller.
 *
 * @param <T> the message that carries a chunk
 */
public final class FilePump<T> {
    /** How a message is made of a chunk. */
    @FunctionalInterface
    public interface Framing<T> {
        /**
         * @param offset position of the first byte in the file
         * @param data the bytes, owned by the message from here on
         */
        T frame(long offset, ByteString data);
    }

    private final FileChannel file;
    private final long end;
    private final int chunkBytes;
    private final CallStreamObserver<T> call;
    private final Framing<T> framing;
    private final Optional<T> trailer;
    private long position;
    private boolean done;

    /**
     * Sends bytes only.
     *
     * @param offset position of the first byte to send
     * @param end position behind the last byte to send
     * @param chunkBytes most bytes of one message
     */
    public FilePump(
            FileChannel file, long offset, long end, int chunkBytes, CallStreamObserver<T> call, Framing<T> framing) {
        this(file, offset, end, chunkBytes, call, framing, Optional.empty());
    }

    /**
     * Sends bytes and then one more message.
     *
     * @param trailer the message after the last byte
     */
    public FilePump(
            FileChannel file,
            long offset,
            long end,
            int chunkBytes,
            CallStreamObserver<T> call,
            Framing<T> framing,
            Optional<T> trailer) {
        if (offset < 0 || offset > end || chunkBytes < 1) {
            throw new IllegalArgumentException("cannot send bytes " + offset + " to " + end + " by " + chunkBytes);
        }
        this.file = file;
        this.position = offset;
        this.end = end;
        this.chunkBytes = chunkBytes;
        this.call = call;
        this.framing = framing;
        this.trailer = trailer;
    }

    /** Sends until the call is not ready or everything is sent. */
    public synchronized void pump() {
        while (!done && call.isReady()) {
            if (position >= end) {
                done = true;
                trailer.ifPresent(call::onNext);
                call.onCompleted();
                return;
            }
            ByteString data = read();
            long offset = position;
            position += data.size();
            call.onNext(framing.frame(offset, data));
        }
    }

    /** How far the file has been handed to the transport. */
    public synchronized long position() {
        return position;
    }

    /** Whether the last byte has been handed over and the call completed. */
    public synchronized boolean done() {
        return done;
    }

    private ByteString read() {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(chunkBytes, end - position));
        try {
            while (buffer.hasRemaining()) {
                if (file.read(buffer, position + buffer.position()) < 0) {
                    throw new java.io.EOFException(
                            "the file ends at " + (position + buffer.position()) + ", before " + end);
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return UnsafeByteOperations.unsafeWrap(buffer.flip());
    }
}
