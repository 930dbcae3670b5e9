package io.foedus.agent.controller;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.core.blobs.DigestMismatchException;
import io.foedus.core.blobs.PartialFile;
import io.foedus.core.liveness.Backoff;
import io.foedus.core.models.Digest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Files between a person's machine and the controller. A transfer that breaks goes on at the byte where it broke, in
 * this run and in the next one. Blocks; holds one buffer.
 *
 * @param controller called with the token of whoever transfers
 * @param progress hears how many bytes are there, from any thread
 * @param backoff how long to wait between tries
 */
public record FileTransfer(ControllerClient controller, LongConsumer progress, Backoff backoff) {
    /** Tries without a single byte gained before it is given up. */
    private static final int MOST_FRUITLESS_TRIES = 8;

    /**
     * Sends a file.
     *
     * @param path of the upload
     * @return what the controller answered when it had all of it
     */
    public JsonNode upload(String path, Path file, long size) {
        long reached = -1;
        while (true) {
            Failure trouble;
            try {
                long kept = Math.min(controller.keptBytes(path), size - 1);
                if (kept > reached) {
                    reached = kept;
                    backoff.recovered();
                }
                Optional<JsonNode> done = send(path, file, kept, size);
                if (done.isPresent()) {
                    return done.get();
                }
                trouble = new Failure(
                        ExitCode.RETRY_LATER, "the upload of " + file + " does not get on", "Try again in a moment.");
            } catch (Failure e) {
                trouble = e;
            }
            pauseAfter(trouble);
        }
    }

    private Optional<JsonNode> send(String path, Path file, long offset, long size) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.position(offset);
            return controller.putPiece(path, counted(channel, offset), offset, size);
        } catch (IOException e) {
            throw new Failure(ExitCode.CONFIGURATION, "cannot read " + file + ": " + e, "Check the file.", e);
        }
    }

    private InputStream counted(FileChannel channel, long offset) {
        return new FilterInputStream(Channels.newInputStream(channel)) {
            private long at = offset;

            @Override
            public int read(byte[] buffer, int from, int length) throws IOException {
                int read = super.read(buffer, from, length);
                at += Math.max(0, read);
                progress.accept(at);
                return read;
            }
        };
    }

    /** Fetches a file with a known SHA-256 into its place. */
    public void download(String path, Path target, String sha256) {
        while (true) {
            Failure trouble;
            try (PartialFile file = PartialFile.open(target, new Digest(sha256))) {
                receive(path, file);
                file.complete();
                return;
            } catch (Failure e) {
                trouble = e;
            } catch (DigestMismatchException e) {
                throw new Failure(
                        ExitCode.FAILURE,
                        "what arrived is not " + target.getFileName() + ": " + e.getMessage(),
                        "Run the command again; if it happens again, the controller's copy is damaged.",
                        e);
            } catch (IOException e) {
                throw new Failure(ExitCode.CONFIGURATION, "cannot write " + target + ": " + e, "Check the folder.", e);
            }
            pauseAfter(trouble);
        }
    }

    private void receive(String path, PartialFile file) throws IOException {
        try (ControllerClient.Bytes bytes = controller.bytes(path, file.length())) {
            long[] before = {bytes.fromOffset() ? file.length() : 0};
            file.receive(bytes::read, bytes.fromOffset(), length -> {
                progress.accept(length);
                if (length > before[0]) {
                    before[0] = length;
                    backoff.recovered();
                }
            });
        }
    }

    private void pauseAfter(Failure trouble) {
        if (!trouble.mayPass() || backoff.failures() >= MOST_FRUITLESS_TRIES) {
            throw trouble;
        }
        try {
            Thread.sleep(backoff.next().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(ExitCode.FAILURE, "interrupted", "Run the command again; it goes on where it was.", e);
        }
    }
}
