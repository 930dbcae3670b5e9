package io.foedus.agent.processes;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Says once, from any thread, that some work is not wanted any more. The worker looks a few times a second. */
public final class Cancellation {
    private final AtomicReference<@Nullable String> reason = new AtomicReference<>();

    /** The first reason stays. */
    public void cancel(String why) {
        reason.compareAndSet(null, why);
    }

    public boolean isCancelled() {
        return reason.get() != null;
    }

    public Optional<String> reason() {
        return Optional.ofNullable(reason.get());
    }
}
