package io.foedus.combiner.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foedus.combiner.uplink.control.ControllerFailure;
import io.foedus.combiner.uplink.control.ControllerRefusal;
import io.foedus.combiner.uplink.control.Outbox;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboxTest {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final List<Integer> told = new CopyOnWriteArrayList<>();
    private final List<String> lost = new CopyOnWriteArrayList<>();
    private final AtomicInteger calls = new AtomicInteger();

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 413, 422})
    void what_the_controller_cannot_take_is_dropped_aloud_and_its_company_is_told(int status) throws Exception {
        Outbox<String, Integer> outbox = outbox(batch -> {
            if (batch.contains(7) || batch.contains(150)) {
                throw new ControllerRefusal(status, "BAD_TEXT", "U+0000");
            }
        });
        IntStream.range(0, 200).forEach(i -> outbox.add("round", i));

        outbox.drain().get(10, TimeUnit.SECONDS);

        assertThat(told).hasSize(198).doesNotContain(7, 150).isSorted();
        assertThat(lost).hasSize(2).allSatisfy(said -> assertThat(said).contains("U+0000"));
        assertThat(outbox.forgotten()).isEqualTo(2);
        assertThat(calls.get()).isLessThan(60);
    }

    @Test
    void what_cannot_even_be_written_down_does_not_stop_the_others() throws Exception {
        Outbox<String, Integer> outbox = outbox(batch -> {
            if (batch.contains(1)) {
                throw new IllegalStateException("no JSON");
            }
        });
        IntStream.range(0, 3).forEach(i -> outbox.add("round", i));

        outbox.drain().get(10, TimeUnit.SECONDS);

        assertThat(told).containsExactly(0, 2);
    }

    @Test
    void a_refusal_of_the_whole_is_not_tried_in_halves() throws Exception {
        Outbox<String, Integer> outbox = outbox(batch -> {
            throw new ControllerRefusal(410, "SHARE_CLOSED", "over");
        });
        IntStream.range(0, 10).forEach(i -> outbox.add("round", i));

        outbox.drain().get(10, TimeUnit.SECONDS);

        assertThat(calls).hasValue(1);
        assertThat(lost).isEmpty();
    }

    @Test
    void trouble_of_the_controller_is_waited_out() throws Exception {
        Outbox<String, Integer> outbox = outbox(batch -> {
            if (calls.get() < 3) {
                throw new IOException("status 503");
            }
        });
        IntStream.range(0, 10).forEach(i -> outbox.add("round", i));

        outbox.drain().get(30, TimeUnit.SECONDS);

        assertThat(told).hasSize(10).isSorted();
        assertThat(lost).isEmpty();
    }

    @Test
    void a_thing_at_which_the_controller_fails_each_time_is_dropped_by_name_and_its_company_is_told() throws Exception {
        Outbox<String, Integer> outbox = outbox(batch -> {
            if (batch.contains(7)) {
                throw new ControllerFailure("the controller failed: Internal error (status 500)");
            }
        });
        IntStream.range(0, 200).forEach(i -> outbox.add("round", i));

        outbox.drain().get(60, TimeUnit.SECONDS);

        assertThat(told).hasSize(199).doesNotContain(7).isSorted();
        assertThat(lost)
                .singleElement()
                .isEqualTo("one of the things (no. 7) cannot be told and is dropped: "
                        + "the controller failed: Internal error (status 500)");
        assertThat(outbox.forgotten()).isEqualTo(1);
        assertThat(calls.get()).isBetween(8, 60);
    }

    @Test
    void a_controller_that_fails_now_and_then_loses_nothing() throws Exception {
        Outbox<String, Integer> outbox = outbox(batch -> {
            if (calls.get() <= 3) {
                throw new ControllerFailure("status 500");
            }
        });
        IntStream.range(0, 10).forEach(i -> outbox.add("round", i));

        outbox.drain().get(60, TimeUnit.SECONDS);

        assertThat(told).hasSize(10).isSorted();
        assertThat(lost).isEmpty();
    }

    @Test
    void a_controller_that_is_busy_is_waited_for_without_an_end() throws Exception {
        Outbox<String, Integer> outbox = outbox(batch -> {
            if (calls.get() <= 6) {
                throw new IOException("status 503");
            }
        });
        outbox.add("round", 1);

        outbox.drain().get(60, TimeUnit.SECONDS);

        assertThat(told).containsExactly(1);
        assertThat(lost).isEmpty();
    }

    @Test
    void a_controller_that_is_away_costs_bounded_memory_and_that_is_said_once() {
        Outbox<String, Integer> outbox = outbox(batch -> {
            throw new IOException("away");
        });

        IntStream.range(0, 30_000).forEach(i -> outbox.add("round", i));

        await().until(() -> outbox.size() == 20_000);
        assertThat(outbox.forgotten()).isEqualTo(10_000);
        assertThat(lost).hasSize(1);
    }

    @Test
    void large_things_are_bounded_by_their_size() {
        Outbox<String, Integer> outbox = new Outbox<>(
                "things",
                (key, batch) -> {},
                thing -> 8L << 20,
                String::valueOf,
                lost::add,
                timer,
                step -> {}); // nothing is ever sent

        IntStream.range(0, 100).forEach(i -> outbox.add("round", i));

        assertThat(outbox.size()).isEqualTo(4);
    }

    private interface Answer {
        void to(List<Integer> batch) throws IOException;
    }

    private Outbox<String, Integer> outbox(Answer answer) {
        return new Outbox<>(
                "things",
                (key, batch) -> {
                    calls.incrementAndGet();
                    answer.to(batch);
                    told.addAll(batch);
                },
                thing -> 1,
                thing -> "no. " + thing,
                lost::add,
                timer,
                timer);
    }
}
