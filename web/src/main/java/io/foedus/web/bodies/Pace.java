package io.foedus.web.bodies;

import java.time.Duration;

/**
 * How fast a body must come. Only time spent waiting for the sender counts.
 *
 * @param window in each stretch of waiting this long …
 * @param bytesPerSecond … so many bytes a second must come on average
 * @param most longest wait for the whole body
 */
record Pace(Duration window, long bytesPerSecond, Duration most) {
    /** The pace of a file, which may take as long as its size needs. */
    Pace ofAnyLength() {
        return new Pace(window, bytesPerSecond, Duration.ofSeconds(Long.MAX_VALUE, 0));
    }

    /** Holds one body to this pace. Not thread-safe. */
    final class Meter {
        private Duration waited = Duration.ZERO;
        private Duration inWindow = Duration.ZERO;
        private long bytesInWindow;
        private long bytes;

        /** Whether the body keeps up after {@code read} more bytes that were waited for that long. */
        boolean keepsUp(int read, Duration wait) {
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
