package io.foedus.combiner.fedn.control;

import io.foedus.combiner.liveness.Allowance;
import java.io.IOException;
import java.net.Inet6Address;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Questions to the controller, with its answers for a while. Blocks while it asks. Safe for many threads.
 *
 * @param <T> what is asked for
 */
public final class Inquiries<T> {
    private static final int MOST = 100_000;
    private static final int NETWORK_BYTES = 8;
    private static final Duration NO = Duration.ofSeconds(10);

    /** Questions about strangers under way at once: each holds a thread of all calls while the controller thinks. */
    private static final int AT_ONCE = 4;

    /** Asks the controller. */
    @FunctionalInterface
    public interface Question<T> {
        Optional<T> ask() throws IOException;
    }

    private record Known<T>(Optional<T> answer, Instant until) {}

    private final Clock clock;
    private final Duration yes;
    private final Allowance byAddress;
    private final Allowance together;
    private final Semaphore strangers = new Semaphore(AT_ONCE);
    private final Map<String, Known<T>> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known<T>> eldest) {
            return size() > MOST;
        }
    };

    /**
     * @param yes how long an answer is good that is not empty
     * @param byAddress how many questions without an answer an address may cause
     * @param together how many all may cause
     */
    public Inquiries(Duration yes, Allowance byAddress, Allowance together, Clock clock) {
        this.yes = yes;
        this.byAddress = byAddress;
        this.together = together;
        this.clock = clock;
    }

    /**
     * The answer, asked for if it is not known.
     *
     * @param about what the question is about; nothing secret
     * @param address who wants to know
     * @throws IOException with a sentence for the caller, if it cannot be asked now
     */
    public Optional<T> about(String about, Object address, Question<T> question) throws IOException {
        Object asker = network(address);
        Known<T> last = last(about);
        if (last != null && clock.instant().isBefore(last.until())) {
            return last.answer();
        }
        boolean stranger = last == null || last.answer().isEmpty();
        if (stranger && (!byAddress.has(asker) || !together.has("all"))) {
            throw new IOException("too many unknown clients or wrong tokens have come lately; come back in a minute");
        }
        if (stranger && !strangers.tryAcquire()) {
            throw new IOException("too many unknown clients are being asked for; come back in a moment");
        }
        Optional<T> answer;
        try {
            answer = question.ask();
        } catch (IOException e) {
            if (stranger) {
                byAddress.spend(asker);
            }
            if (last != null && !stranger) {
                return last.answer();
            }
            throw new IOException("the controller cannot be asked now who this client is", e);
        } finally {
            if (stranger) {
                strangers.release();
            }
        }
        if (answer.isEmpty()) {
            byAddress.spend(asker);
            together.spend("all");
        }
        note(about, new Known<>(answer, clock.instant().plus(answer.isPresent() ? yes : NO)));
        return answer;
    }

    /** Whoever has one IPv6 address has all of its network. */
    private static Object network(Object address) {
        return address instanceof Inet6Address six
                ? ByteBuffer.wrap(Arrays.copyOf(six.getAddress(), NETWORK_BYTES))
                : address;
    }

    private synchronized @Nullable Known<T> last(String about) {
        return known.get(about);
    }

    private synchronized void note(String about, Known<T> answer) {
        known.put(about, answer);
    }

    /** Asks anew the next time. */
    public synchronized void forget(String about) {
        known.remove(about);
    }
}
