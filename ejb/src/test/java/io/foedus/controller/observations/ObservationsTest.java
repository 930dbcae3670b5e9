package io.foedus.controller.observations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.identity.entity.Role;
import io.foedus.controller.listing.Query;
import io.foedus.controller.observations.boundary.Observations;
import io.foedus.controller.refusals.Refusal;
import io.foedus.controller.testing.SettableClock;
import io.foedus.controller.testing.TestController;
import io.foedus.controller.testing.TestDatabase;
import io.foedus.core.exchange.ObservationReport;
import io.foedus.core.exchange.ObservationReport.Attribute;
import io.foedus.core.exchange.ObservationReport.Metric;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObservationsTest {
    private static final UUID ALLIANCE = UUID.fromString("00000000-0000-7000-8000-000000000001");
    private static final UUID CLIENT = UUID.fromString("00000000-0000-7000-8000-000000000002");
    private static final Actor COMBINER = Actor.combiner(UUID.randomUUID(), "north", "t");
    private static final Actor OPERATOR =
            Actor.account(UUID.randomUUID(), "ada", false, Map.of(ALLIANCE, Role.OPERATOR), "t");

    @TempDir
    Path data;

    private final TestDatabase database = TestDatabase.migrated();
    private final SettableClock clock = new SettableClock();
    private Observations observations;

    @BeforeEach
    void open() throws Exception {
        database.execute("INSERT INTO alliance (id, name, title, created_at) VALUES ('" + ALLIANCE
                + "', 'a', 'A', now()); INSERT INTO client (id, alliance_id, name, external_id, created_at) VALUES ('"
                + CLIENT + "', '" + ALLIANCE + "', 'c1', 'ext-1', now())");
        observations = new TestController(database, clock, data).get(Observations.class);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void what_a_combiner_reports_is_listed_newest_first() {
        observations.report(
                COMBINER,
                new ObservationReport(
                        List.of(
                                new Attribute(CLIENT, "charging", "false", clock.instant()),
                                new Attribute(CLIENT, "charging", "true", null)),
                        List.of(new Metric(CLIENT, "loss", 0.5, 3L, null, null, null, clock.instant()))));

        assertThat(observations.attributes(OPERATOR, ALLIANCE, Query.first(10)).items())
                .extracting(it -> it.value())
                .containsExactly("true", "false");
        assertThat(observations.metrics(OPERATOR, ALLIANCE, Query.first(10)).items())
                .singleElement()
                .satisfies(metric -> {
                    assertThat(metric.step()).isEqualTo(3);
                    assertThat(metric.client().externalId()).isEqualTo("ext-1");
                    assertThat(metric.where().sessionId()).isNull();
                    assertThat(metric.at()).isEqualTo(clock.instant());
                });
    }

    @Test
    void a_report_about_nobody_is_passed_over() {
        observations.report(
                COMBINER,
                new ObservationReport(
                        List.of(new Attribute(UUID.randomUUID(), "k", "v", null), new Attribute(null, "k", "v", null)),
                        List.of()));
        assertThat(observations.attributes(OPERATOR, ALLIANCE, Query.first(10)).total())
                .isZero();
    }

    @Test
    void an_operator_sets_an_attribute_and_nobody_else_does() {
        assertThat(observations.set(OPERATOR, ALLIANCE, CLIENT, "gpu", "a100").value())
                .isEqualTo("a100");
        assertThatThrownBy(() -> observations.set(COMBINER, ALLIANCE, CLIENT, "gpu", "b"))
                .isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> observations.set(OPERATOR, ALLIANCE, UUID.randomUUID(), "gpu", "b"))
                .isInstanceOfSatisfying(
                        Refusal.class, no -> assertThat(no.kind()).isEqualTo(Refusal.Kind.UNKNOWN));
        assertThatThrownBy(() -> observations.set(OPERATOR, ALLIANCE, CLIENT, " ", "b"))
                .isInstanceOfSatisfying(
                        Refusal.class, no -> assertThat(no.code()).isEqualTo("BAD_ATTRIBUTE"));
    }
}
