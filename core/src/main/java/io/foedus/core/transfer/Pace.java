package io.foedus.core.transfer;

import java.time.Duration;

/**
 * How fast bytes must come, so that nobody who dribbles holds a place for ever. Only time spent waiting for the sender
 * counts.
 *
 * @param window in each stretch of waiting this long …
 * @param bytesPerSecond … so many bytes a second must come on average
 * @param most longest wait for all of it
 */
public record Pace(Duration window, long bytesPerSecond, Duration most) {
    /** The pace of a file, which may take as long as its size needs. */
    public Pace ofAnyLength() {
        return new Pace(window, bytesPerSecond, Duration.ofSeconds(Long.MAX_VALUE, 0));
    }

    /** Holds one sender to this pace. Not thread-safe. */
    public final class Meter {
        private Duration waited = Duration.ZERO;
        private Duration inWindow = Duration.ZERO;
        private long bytesInWindow;
        private long bytes;

        /** Whether the sender keeps up after {@code read} more bytes that were waited for that long. */
        public boolean keepsUp(int read, Duration wait) {
            bytes += read;
            bytesInWindow += read;
            waited = waited.plus(wait);
            inWindow = inWindow.plus(wait);
            if (waited.compareTo(most) > 0) {
                return false;
            }
            if (inWindow.compareTo(window) < 0) {
                return true;
            }
            boolean enough = bytesInWindow >= inWindow.toMillis() * bytesPerSecond / 1000;
            inWindow = Duration.ZERO;
            bytesInWindow = 0;
            return enough;
        }

        @Override
        public String toString() {
            return bytes + " bytes in " + waited.toSeconds() + " s";
        }
    }
}
