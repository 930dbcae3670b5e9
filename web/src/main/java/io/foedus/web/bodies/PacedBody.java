package io.foedus.web.bodies;

import io.foedus.core.transfer.Pace;
import io.foedus.web.problems.BodyCutException;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/** A request's body that is cut when it comes too slowly. */
final class PacedBody extends ServletInputStream {
    private final ServletInputStream in;
    private final Pace pace;
    private final Pace.Meter meter;
    private final Guard guard;
    private final Runnable atEnd;
    private final Consumer<BodyCutException> whenCut;
    private BodyCutException cut;

    /** Hears of bytes that were read, and may refuse them. */
    @FunctionalInterface
    interface Guard {
        void read(int bytes);
    }

    /**
     * @param guard asked about what was read before it is passed on
     * @param atEnd done when the last byte was read
     * @param whenCut told once, before the exception is thrown
     */
    PacedBody(ServletInputStream in, Pace pace, Guard guard, Runnable atEnd, Consumer<BodyCutException> whenCut) {
        this.in = in;
        this.pace = pace;
        this.meter = pace.new Meter();
        this.guard = guard;
        this.atEnd = atEnd;
        this.whenCut = whenCut;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        if (cut != null) {
            throw cut;
        }
        long asked = System.nanoTime();
        int read;
        try {
            read = in.read(buffer, from, length);
        } catch (IOException e) {
            // The server itself stops waiting when nothing at all came for its read timeout.
            boolean inTime = waitedSince(asked).compareTo(pace.window().dividedBy(2)) < 0;
            if (inTime) {
                throw cut(new BodyCutException(false, "The body broke off after " + meter + ".", e));
            }
            meter.keepsUp(0, waitedSince(asked));
            throw cut(tooSlow(e));
        }
        if (read < 0) {
            atEnd.run();
        } else {
            if (!meter.keepsUp(read, waitedSince(asked))) {
                throw cut(tooSlow(null));
            }
            guard.read(read);
        }
        return read;
    }

    private BodyCutException tooSlow(IOException cause) {
        return new BodyCutException(true, "The body came too slowly: " + meter + ".", cause);
    }

    private BodyCutException cut(BodyCutException why) {
        cut = why;
        whenCut.accept(why);
        return why;
    }

    private static Duration waitedSince(long asked) {
        return Duration.ofNanos(System.nanoTime() - asked);
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }

    @Override
    public boolean isFinished() {
        return in.isFinished();
    }

    @Override
    public boolean isReady() {
        return in.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
        in.setReadListener(listener);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
