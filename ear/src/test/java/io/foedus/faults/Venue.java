package io.foedus.faults;

import java.util.Optional;
import java.util.function.Consumer;
import org.opentest4j.TestAbortedException;

/**
 * Where outages are played: a stage with short leases, set when it is first asked for and set anew after something was
 * found on it. Used by one thread.
 */
final class Venue implements AutoCloseable {
    private Optional<Stage> stage = Optional.empty();

    /** Plays something on it. */
    void play(Consumer<Stage> piece) {
        if (stage.isEmpty()) {
            stage = Optional.of(Stage.withShortLeases());
        }
        try {
            piece.accept(stage.get());
        } catch (TestAbortedException e) {
            throw e;
        } catch (AssertionError | RuntimeException e) {
            close(); // what comes next is not to suffer from what was before
            throw e;
        }
    }

    @Override
    public void close() {
        stage.ifPresent(Stage::close);
        stage = Optional.empty();
    }
}
