package io.foedus.combiner.collection.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SerialExecutorTest {
    private final List<String> done = new ArrayList<>();

    @Test
    void an_error_in_a_step_does_not_stop_the_steps_after_it() {
        SerialExecutor serial = new SerialExecutor(Runnable::run);
        serial.execute(() -> {
            throw new StackOverflowError("planned");
        });
        serial.execute(() -> done.add("next"));
        assertThat(done).containsExactly("next");
    }

    @Test
    void a_step_that_found_no_thread_is_run_with_the_next_one() {
        List<Error> trouble = new ArrayList<>(List.of(new OutOfMemoryError("no thread")));
        SerialExecutor serial = new SerialExecutor(turn -> {
            if (!trouble.isEmpty()) {
                throw trouble.remove(0);
            }
            turn.run();
        });
        assertThatThrownBy(() -> serial.execute(() -> done.add("first"))).hasMessage("no thread");
        serial.execute(() -> done.add("second"));
        assertThat(done).containsExactly("first", "second");
    }
}
