package io.foedus.combiner.collection.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.combiner.collection.entity.Carried;
import io.foedus.combiner.collection.entity.Decision;
import io.foedus.combiner.collection.entity.Event;
import io.foedus.combiner.collection.entity.Fact;
import io.foedus.combiner.collection.entity.Limits;
import io.foedus.combiner.collection.entity.Phase;
import io.foedus.combiner.collection.entity.ShareState;
import io.foedus.combiner.collection.entity.TaskEnd;
import io.foedus.core.exchange.Fate;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.SelectionKind;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.round.RoundMode;
import io.foedus.core.round.Tally;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What version 0.1 wrote to its spool is read as it was meant. */
class FormerSpoolTest {
    private static final UUID ANNA = UUID.fromString("5f0c1f6a-7b1e-4c59-9a53-0d2a3f1f7a01");
    private static final UUID BERT = UUID.fromString("5f0c1f6a-7b1e-4c59-9a53-0d2a3f1f7a02");
    private static final UUID CARL = UUID.fromString("5f0c1f6a-7b1e-4c59-9a53-0d2a3f1f7a03");
    private static final UUID CARLS_TASK = UUID.fromString("8c3a52e1-2d51-4a0e-8f2b-6b0b7c9d1103");
    private static final UUID ROUND = UUID.fromString("2f6e4a10-0b7c-4f6a-8f7a-9d1c5b3e0001");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path dir;

    @BeforeEach
    void lay() throws IOException {
        copy("journal-0.1.jsonl", "journal.jsonl");
        copy("ledger-0.1.jsonl", "ledger.jsonl");
    }

    private void copy(String sample, String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(FormerSpoolTest.class.getResourceAsStream(sample))) {
            Files.copy(in, dir.resolve(name));
        }
    }

    @Test
    void a_share_goes_on_from_its_journal() throws IOException {
        try (ShareSpool spool = new ShareSpool(dir)) {
            Limits limits = new Limits(NOW, NOW, NOW, Duration.ofSeconds(5), Duration.ofSeconds(60));
            Decision decision = ShareState.of(order(), limits)
                    .on(new Event.Opened(spool.past(), Set.of(ANNA, BERT), List.of(), Carried.NONE), NOW);

            ShareState state = decision.state();
            assertThat(state.phase()).isEqualTo(Phase.CLOSING);
            assertThat(state.tally()).isEqualTo(new Tally(2, 2, 0, 0, 4));
            assertThat(state.accepted()).extracting(Fact::client).containsExactly(ANNA, BERT);
            assertThat(state.accepted().get(0).measured().numbers()).containsEntry("accuracy", 0.75);
            assertThat(state.accepted().get(0).timings()).containsEntry("trainMillis", 12.5);
            assertThat(Objects.requireNonNull(state.accepted().get(1).origin()).staleness(order()))
                    .isEqualTo(1);
        }
    }

    @Test
    void a_line_that_a_kill_tore_is_cut_off() throws IOException {
        Path journal = dir.resolve("journal.jsonl");
        byte[] whole = Files.readAllBytes(journal);
        for (int end = whole.length - 1; end > whole.length - 400; end--) {
            Files.write(journal, Arrays.copyOf(whole, end));
            try (ShareSpool spool = new ShareSpool(dir)) {
                assertThat(spool.past()).hasSizeBetween(7, 9);
            }
        }
    }

    @Test
    void a_share_that_is_left_over_tells_what_counted_and_not_what_was_taken_back() throws IOException {
        assertThat(Collections.accepted(dir, ROUND)).extracting(TaskEnd::client).containsExactlyInAnyOrder(ANNA, BERT);
    }

    @Test
    void the_ledger_knows_how_tasks_ended() throws IOException {
        try (Ledger ledger = new Ledger(dir.resolve("ledger.jsonl"))) {
            assertThat(ledger.find(CARLS_TASK, CARL).orElseThrow().fate()).isEqualTo(Fate.REJECTED);
        }
    }

    private static Order order() {
        return new Order(
                UUID.randomUUID(),
                TaskKind.TRAIN,
                ROUND,
                2,
                UUID.randomUUID(),
                "hospitals",
                null,
                1,
                new Order.Model(UUID.randomUUID(), "b".repeat(64), 1, "npz"),
                null,
                new Order.Policy(1, 0, 1000, 1000),
                new Order.Select(SelectionKind.ALL, 0, 0, Map.of(), List.of()),
                "mean",
                RoundMode.SYNCHRONOUS,
                0,
                Map.of(),
                false,
                0,
                1000);
    }
}
