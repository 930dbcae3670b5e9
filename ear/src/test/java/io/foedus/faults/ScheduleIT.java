package io.foedus.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How random schedules are drawn; starts nothing. */
class ScheduleIT {
    @Test
    void a_seed_draws_the_same_schedule_every_time() {
        assertThat(Schedule.draw(7)).isEqualTo(Schedule.draw(7)).isNotEqualTo(Schedule.draw(8));
    }

    @Test
    void every_kind_of_fault_hits_every_kind_of_program_and_line() {
        Set<String> hits = LongStream.range(0, 1000)
                .mapToObj(Schedule::draw)
                .flatMap(schedule -> schedule.strikes().stream())
                .map(strike -> strike.action() + " " + strike.victim().replaceAll("-\\d", ""))
                .collect(Collectors.toSet());
        assertThat(hits)
                .containsExactlyInAnyOrder(
                        "KILL controller",
                        "STOP controller",
                        "KILL combiner",
                        "STOP combiner",
                        "KILL faults-agent",
                        "STOP faults-agent",
                        "KILL postgresql",
                        "STOP postgresql",
                        "QUIT postgresql",
                        "CUT agents to combiner",
                        "DELAY agents to combiner",
                        "CUT combiner to controller",
                        "DELAY combiner to controller",
                        "CUT controller to postgresql",
                        "DELAY controller to postgresql");
    }

    @Test
    void a_minimum_is_never_more_than_the_agents_that_can_be_in_time() {
        assertThat(LongStream.range(0, 1000).mapToObj(Schedule::draw)).allSatisfy(schedule -> {
            long inTime = schedule.lasting().stream()
                    .filter(time -> time.compareTo(Duration.ofSeconds(
                                    schedule.plan().path("deadlineSeconds").asLong()))
                            < 0)
                    .count();
            assertThat(schedule.plan().path("minClients").asLong()).isBetween(1L, Math.max(1L, inTime));
        });
    }

    @ParameterizedTest
    @CsvSource({"90s, PT90S", "30m, PT30M", "2h, PT2H"})
    void a_length_of_time_has_a_unit(String text, Duration time) {
        assertThat(Span.parse(text)).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"30", "m", "1d", "-1s", "1.5h", ""})
    void a_length_of_time_that_cannot_be_read_is_refused_with_how_to_write_it(String text) {
        assertThatThrownBy(() -> Span.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("as in 90s, 30m or 2h");
    }
}
