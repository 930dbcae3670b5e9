package io.foedus.controller.identity.control;

import io.foedus.controller.refusals.Refusal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows guessing: after five failures for one name, or thirty from one address, the next attempt has to wait, twice as
 * long each time, up to a quarter of an hour; a success or a quiet hour forgets. Kept in memory of this controller,
 * bounded; thread-safe.
 */
@ApplicationScoped
public class LoginThrottle {
    private static final int FREE_PER_NAME = 5;
    private static final int FREE_PER_ADDRESS = 30;
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final Duration FORGOTTEN_AFTER = Duration.ofHours(1);
    private static final int MOST_REMEMBERED = 10_000;

    private final Map<String, Failures> remembered = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    @Inject
    Clock clock;

    private record Failures(int count, Instant last) {}

    /**
     * To be asked before the password is looked at.
     *
     * @throws Refusal {@code TOO_MANY_ATTEMPTS} while the name or the address has to wait
     */
    public synchronized void admit(String name, String address) {
        Duration wait = waitFor("name " + name, FREE_PER_NAME);
        Duration other = waitFor("address " + address, FREE_PER_ADDRESS);
        Duration longer = wait.compareTo(other) > 0 ? wait : other;
        if (!longer.isZero()) {
            throw Refusal.throttled(
                    "TOO_MANY_ATTEMPTS",
                    "Too many failed logins for '" + name + "' or from this address.",
                    "Wait " + (longer.toSeconds() + 1) + " seconds, then try once with the right password.",
                    longer);
        }
    }

    public synchronized void failed(String name, String address) {
        count("name " + name);
        count("address " + address);
    }

    public synchronized void succeeded(String name) {
        remembered.remove("name " + name);
    }

    private void count(String key) {
        Failures before = recent(key);
        remembered.put(key, new Failures(before.count() + 1, clock.instant()));
    }

    private Failures recent(String key) {
        Failures failures = remembered.get(key);
        boolean known =
                failures != null && failures.last().plus(FORGOTTEN_AFTER).isAfter(clock.instant());
        return known ? failures : new Failures(0, clock.instant());
    }

    private Duration waitFor(String key, int free) {
        Failures failures = recent(key);
        if (failures.count() < free) {
            return Duration.ZERO;
        }
        long seconds = Math.min(LONGEST.toSeconds(), 1L << Math.min(20, failures.count() - free));
        Instant until = failures.last().plusSeconds(seconds);
        Instant now = clock.instant();
        return until.isAfter(now) ? Duration.between(now, until) : Duration.ZERO;
    }
}
