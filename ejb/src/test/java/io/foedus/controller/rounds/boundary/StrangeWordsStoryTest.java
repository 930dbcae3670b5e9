package io.foedus.controller.rounds.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.controller.clients.boundary.Attendance;
import io.foedus.controller.combiners.boundary.CombinerLog;
import io.foedus.controller.events.boundary.EventView;
import io.foedus.controller.events.boundary.Events;
import io.foedus.controller.listing.Query;
import io.foedus.controller.observations.boundary.Observations;
import io.foedus.core.exchange.AttachmentReport;
import io.foedus.core.exchange.AttachmentReport.Attached;
import io.foedus.core.exchange.AttachmentReport.Detached;
import io.foedus.core.exchange.CombinerEvent;
import io.foedus.core.exchange.Fate;
import io.foedus.core.exchange.ObservationReport;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.Severity;
import io.foedus.core.exchange.ShareReport;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.exchange.UpdateNotice;
import io.foedus.core.exchange.ValidationNotice;
import io.foedus.core.round.RoundPhase;
import io.foedus.core.round.Tally;
import io.foedus.core.text.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A combiner that passes on whatever its clients say: what PostgreSQL or a terminal would choke on comes no further.
 */
class StrangeWordsStoryTest {
    private static final String NUL = "\u0000";
    private static final String NASTY = "well\r\n2026 INFO fine " + "\u001b[2J" + NUL;

    @TempDir
    Path data;

    private TestFederation federation;
    private TestCombiner north;

    @BeforeEach
    void open() {
        federation = new TestFederation(data);
        north = federation.combiner("north", 2);
    }

    @AfterEach
    void close() {
        federation.close();
    }

    @Test
    void metrics_that_cannot_be_stored_or_summed_are_left_out_by_name_and_the_round_goes_on() {
        UUID session = federation.session(Map.of("rounds", 1, "minClients", 2));
        north.train(north.order(TaskKind.TRAIN), client -> 1, 5);
        federation.look(session);
        Order order = north.order(TaskKind.VALIDATE);
        List<UUID> claimed = north.claim(order);
        Map<String, Object> metrics = Map.of(
                "accuracy",
                0.5,
                NUL,
                1,
                "huge",
                new BigDecimal("1e400"),
                "large",
                1e308,
                "tiny",
                new BigDecimal("1e-400"));
        Shares shares = federation.controller().get(Shares.class);
        shares.measured(
                north.actor(),
                order.roundId(),
                north.claimant(order),
                claimed.stream()
                        .map(client -> new ValidationNotice(client, 3L, metrics, null))
                        .toList());
        Tally both = new Tally(2, 0, 0, 0, 2);
        north.report(order, new ShareReport(north.epoch(), TaskKind.VALIDATE, both, 0, null, null, null, null));
        federation.look(session);

        RoundView round = federation.round(session, 1);
        assertThat(round.phase()).isEqualTo(RoundPhase.COMPLETED);
        assertThat(round.metrics()).containsOnlyKeys("accuracy", "tiny");
        assertThat(events())
                .filteredOn(event -> event.kind().equals("METRICS_LEFT_OUT"))
                .hasSize(2)
                .allSatisfy(event -> assertThat(event.message()).contains("'huge'", "'large'", "'\\u0000'"));
    }

    @Test
    void words_of_clients_and_combiners_become_printable() {
        UUID session = federation.session(Map.of("rounds", 1, "minClients", 2, "validateEvery", 0));
        Order order = north.order(TaskKind.TRAIN);
        UUID client = north.claim(order).get(0);
        federation
                .controller()
                .get(Shares.class)
                .note(
                        north.actor(),
                        order.roundId(),
                        north.claimant(order),
                        List.of(new UpdateNotice(
                                client, null, 0L, 0L, Fate.FAILED, "BAD" + NUL, NASTY, NASTY, Map.of(), Map.of())));
        federation
                .controller()
                .get(CombinerLog.class)
                .add(
                        north.actor(),
                        north.id(),
                        List.of(new CombinerEvent(
                                Severity.INFO, "K" + NUL, NASTY, client, null, Map.of(NASTY, List.of(NASTY)))));
        federation
                .controller()
                .get(Attendance.class)
                .report(
                        north.actor(),
                        north.id(),
                        new AttachmentReport(
                                north.epoch(),
                                false,
                                List.of(new Attached(client, Map.of(NASTY, NASTY), NASTY, NASTY)),
                                List.of(new Detached(north.clients().get(1), NASTY)),
                                List.of(),
                                List.of(),
                                Map.of(client, Map.of(NUL, 1, "cpu", 0.5, "state", NASTY))));

        assertThat(session).isNotNull();
        assertThat(events())
                .extracting(EventView::message)
                .allMatch(Printable::is)
                .anySatisfy(message ->
                        assertThat(message).contains("well\\r\\n2026 INFO fine \\u001b[2J\\u0000 (BAD\\u0000)"))
                .anySatisfy(message -> assertThat(message).contains("detached: well\\r\\n"));
    }

    /** An exception in a training is not a client that was lost. */
    @Test
    void a_round_says_how_many_failed_and_how_many_were_lost() {
        UUID session = federation.session(Map.of("rounds", 1, "minClients", 2, "validateEvery", 0, "retries", 0));
        Order order = north.order(TaskKind.TRAIN);
        UUID client = north.claim(order).get(0);
        federation
                .controller()
                .get(Shares.class)
                .note(
                        north.actor(),
                        order.roundId(),
                        north.claimant(order),
                        List.of(new UpdateNotice(
                                client,
                                null,
                                0L,
                                0L,
                                Fate.FAILED,
                                "ENTRY_POINT_FAILED",
                                "train ended with exit code 1",
                                "ValueError",
                                Map.of(),
                                Map.of())));
        Tally nobody = new Tally(0, 0, 0, 2, 2);
        north.report(order, new ShareReport(north.epoch(), TaskKind.TRAIN, nobody, 0, null, null, null, null));
        federation.look(session);

        assertThat(federation.round(session, 1).reason()).contains("(0 rejected, 1 failed, 1 lost)");
    }

    @Test
    void observations_that_cannot_be_stored_are_passed_over() {
        UUID client = north.clients().get(0);
        Observations observations = federation.controller().get(Observations.class);

        observations.report(
                north.actor(),
                new ObservationReport(
                        List.of(new ObservationReport.Attribute(client, "os" + NUL, NASTY, null)),
                        List.of(
                                metric(client, "nul" + NUL, 1),
                                metric(client, "nan", Double.NaN),
                                metric(client, "infinite", Double.POSITIVE_INFINITY),
                                metric(client, "loss", 0.5))));

        assertThat(observations
                        .metrics(federation.operator, federation.alliance, Query.first(10))
                        .items())
                .extracting(Observations.Metric::key)
                .containsExactly("loss");
        assertThat(observations
                        .attributes(federation.operator, federation.alliance, Query.first(10))
                        .items())
                .extracting(Observations.Attribute::key)
                .containsExactly("os\\u0000");
    }

    /** Rows of earlier versions; the migration is run again over them. */
    @Test
    void metrics_that_an_earlier_version_kept_do_not_break_lists() throws IOException {
        UUID session = federation.session(Map.of("rounds", 1, "minClients", 2));
        north.train(north.order(TaskKind.TRAIN), client -> 1, 5);
        federation.look(session);
        north.validate(north.order(TaskKind.VALIDATE), 0.5);
        federation.look(session);
        federation.controller().database().execute("UPDATE validation SET metrics = metrics || '{\"huge\": 1e400}'");

        try (InputStream script = getClass().getResourceAsStream("/db/migration/V10__metrics_in_bounds.sql")) {
            federation.controller().database().execute(new String(script.readAllBytes(), StandardCharsets.UTF_8));
        }

        assertThat(federation.round(session, 1).metrics()).containsOnlyKeys("accuracy");
    }

    private static ObservationReport.Metric metric(UUID client, String key, double value) {
        return new ObservationReport.Metric(client, key, value, null, null, null, null, null);
    }

    private List<EventView> events() {
        return federation
                .controller()
                .get(Events.class)
                .list(federation.alliance, Query.first(100))
                .items();
    }
}
