package io.foedus.controller.rounds.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgendaTest {
    private int looks;

    @Test
    void a_subject_is_looked_at_again_after_an_error() {
        Agenda agenda = new Agenda(Runnable::run);
        agenda.ask("s", () -> {
            throw new StackOverflowError("planned");
        });
        agenda.ask("s", () -> looks++);
        assertThat(looks).isEqualTo(1);
    }

    @Test
    void a_subject_is_looked_at_again_after_there_was_no_thread_for_it() {
        List<Throwable> trouble = new ArrayList<>(List.of(new OutOfMemoryError("no thread")));
        Agenda agenda = new Agenda(look -> {
            if (!trouble.isEmpty()) {
                throw (Error) trouble.remove(0);
            }
            look.run();
        });
        assertThatThrownBy(() -> agenda.ask("s", () -> looks++)).hasMessage("no thread");
        agenda.ask("s", () -> looks++);
        assertThat(looks).isEqualTo(1);
    }
}
