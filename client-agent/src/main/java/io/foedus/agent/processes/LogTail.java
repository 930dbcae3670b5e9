package io.foedus.agent.processes;

import io.foedus.agent.console.FailureReport;
import java.nio.charset.StandardCharsets;

/** Keeps the last bytes of an endless text. Threads may share it. */
public final class LogTail {
    private final byte[] ring;
    private long written;

    public LogTail(int capacity) {
        this.ring = new byte[capacity];
    }

    synchronized void append(byte[] bytes, int count) {
        int from = Math.max(0, count - ring.length);
        for (int i = from; i < count; ) {
            int place = (int) ((written + i) % ring.length);
            int run = Math.min(count - i, ring.length - place);
            System.arraycopy(bytes, i, ring, place, run);
            i += run;
        }
        written += count;
    }

    /** How many bytes there were altogether. */
    public synchronized long total() {
        return written;
    }

    /** The tail, safe to show: control characters are escaped, a cut is told. */
    public synchronized String text() {
        int kept = (int) Math.min(written, ring.length);
        byte[] tail = new byte[kept];
        for (int i = 0; i < kept; i++) {
            tail[i] = ring[(int) ((written - kept + i) % ring.length)];
        }
        String text = FailureReport.printable(new String(tail, StandardCharsets.UTF_8).replace("\r", ""));
        return written > kept ? "[… " + (written - kept) + " bytes before this]\n" + text : text;
    }
}
