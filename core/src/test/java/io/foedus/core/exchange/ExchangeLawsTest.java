package io.foedus.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.foedus.core.json.Json;
import io.foedus.core.round.RoundMode;
import io.foedus.core.round.Tally;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Laws of everything that controller and combiner say to each other, with the binder that both ends use. */
class ExchangeLawsTest {
    private static final Jsonb BINDER = JsonbBuilder.create();
    private static final String DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    /** Bodies of requests and of answers as the version before wrote them, by the name of the file. */
    private static final Map<String, Class<? extends Record>> PREVIOUS = Map.ofEntries(
            Map.entry("introduction", Introduction.class),
            Map.entry("membership", Membership.class),
            Map.entry("membership-again", Membership.class),
            Map.entry("membership-on-disk", Membership.class),
            Map.entry("heartbeat", Heartbeat.class),
            Map.entry("orders", Orders.class),
            Map.entry("attachment-report", AttachmentReport.class),
            Map.entry("claim", Claim.class),
            Map.entry("claimed", Claimed.class),
            Map.entry("update-notices", UpdateNotices.class),
            Map.entry("validation-notices", ValidationNotices.class),
            Map.entry("share-report", ShareReport.class),
            Map.entry("share-report-of-nothing", ShareReport.class),
            Map.entry("combiner-events", CombinerEvents.class),
            Map.entry("observation-report", ObservationReport.class),
            Map.entry("shown-token", ShownToken.class),
            Map.entry("known-client", KnownClient.class),
            Map.entry("known-alliance", KnownAlliance.class));

    /** What only stands inside a body. */
    private static final Set<Class<?>> PARTS =
            Set.of(Order.class, UpdateNotice.class, ValidationNotice.class, CombinerEvent.class);

    private static final Set<String> FREE =
            Set.of("labels", "load", "telemetry", "metrics", "timings", "data", "settings");

    static Stream<Map.Entry<String, Class<? extends Record>>> samples() {
        return PREVIOUS.entrySet().stream();
    }

    static Stream<Record> records() {
        UUID client = id(2);
        return Stream.of(
                new Introduction("north", "combiner.example", 9090, true, 500, Map.of("region", "eu"), "combiner 2"),
                new Membership(id(5), "secret", 3, "key", 10),
                new Membership(id(5), null, 4, "key", 10),
                new Heartbeat(
                        3,
                        -1,
                        2,
                        1,
                        Map.of("fednPlaintext", true),
                        List.of(new Heartbeat.Progress(id(1), new Tally(1, 2, 3, 4, 10)))),
                new Orders(
                        7,
                        List.of(order(RoundMode.BUFFERED), order(RoundMode.DEADLINE)),
                        List.of(id(6)),
                        List.of(),
                        true,
                        9),
                new AttachmentReport(
                        3,
                        true,
                        List.of(
                                new AttachmentReport.Attached(client, Map.of("site", "a"), "agent", DIGEST),
                                new AttachmentReport.Attached(client, null, null, null)),
                        List.of(new AttachmentReport.Detached(client, "stream ended")),
                        List.of(client),
                        List.of(),
                        Map.of(client, Map.of("cpu", 0.5))),
                new Claim(id(5), 3, TaskKind.VALIDATE, List.of(client)),
                new Claimed(List.of(client)),
                new UpdateNotices(
                        id(5),
                        3,
                        Stream.of(Fate.values())
                                .map(fate -> new UpdateNotice(
                                        client,
                                        DIGEST,
                                        1,
                                        2,
                                        fate,
                                        "CODE",
                                        "a sentence",
                                        "a log\nof two lines",
                                        Map.of("name", "text"),
                                        Map.of()))
                                .toList()),
                new ValidationNotices(
                        id(5), 3, List.of(new ValidationNotice(client, 4, Map.of("name", "text"), Map.of()))),
                new ShareReport(
                        3,
                        TaskKind.TRAIN,
                        new Tally(1, 0, 0, 0, 1),
                        10,
                        new ShareReport.Partial(DIGEST, 8, "npz"),
                        List.of(new ShareReport.Input(
                                client, DIGEST, 8, 10, 9.5, 2, Map.of("loss", 0.5), Map.of("train", 1.5))),
                        Map.of("fold", 0.25),
                        "a reason"),
                new CombinerEvents(Stream.of(Severity.values())
                        .map(severity -> new CombinerEvent(severity, "KIND", "a sentence", client, id(9), Map.of()))
                        .toList()),
                new ObservationReport(
                        List.of(new ObservationReport.Attribute(client, "charging", "true", Instant.EPOCH)),
                        List.of(new ObservationReport.Metric(
                                client, "loss", 0.5, 7L, id(1), id(2), id(3), Instant.ofEpochMilli(1)))),
                new ShownToken("shown"),
                new KnownClient(client, "hospitals", "a"),
                new KnownAlliance("hospitals"));
    }

    private static Order order(RoundMode mode) {
        return new Order(
                id(1),
                TaskKind.TRAIN,
                id(2),
                4,
                id(3),
                "hospitals",
                id(4),
                3,
                new Order.Model(id(5), DIGEST, 2048, "npz"),
                DIGEST,
                new Order.Policy(2, Integer.MAX_VALUE, 1_000, 60_000),
                new Order.Select(SelectionKind.ATTRIBUTE, 5, Long.MIN_VALUE, Map.of("site", "a"), List.of(id(6))),
                "trimmed:0.1",
                mode,
                3,
                Map.of("device", "cpu", "deep", Map.of("on", true)),
                true,
                1_000,
                59_000);
    }

    @ParameterizedTest
    @MethodSource("records")
    void every_record_survives_the_round_trip(Record said) {
        assertThat(heard(BINDER.toJson(said), said.getClass())).isEqualTo(said);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void the_previous_version_is_read_and_written_as_it_wrote_itself(
            Map.Entry<String, Class<? extends Record>> sample) {
        String before = previous(sample.getKey());

        assertThat(Json.parse(BINDER.toJson(heard(before, sample.getValue())))).isEqualTo(Json.parse(before));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void members_of_a_later_version_are_ignored(Map.Entry<String, Class<? extends Record>> sample) {
        String before = previous(sample.getKey());
        String after = Json.write(surprising(Objects.requireNonNull(Json.parse(before))));

        assertThat(after).contains("surprise");
        assertThat(heard(after, sample.getValue())).isEqualTo(heard(before, sample.getValue()));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void what_was_not_said_is_no_fault_of_the_reader(Map.Entry<String, Class<? extends Record>> sample) {
        assertThat(heard("{}", sample.getValue())).isNotNull();
    }

    @Test
    void an_order_of_a_controller_that_says_little_has_the_meaning_it_had() {
        Order order = BINDER.fromJson("{\"kind\":\"TRAIN\"}", Order.class);

        assertThat(order.mode()).isEqualTo(RoundMode.SYNCHRONOUS);
        assertThat(order.aggregator()).isEqualTo("mean");
        assertThat(order.select().kind()).isEqualTo(SelectionKind.ALL);
        assertThat(order.maxExamples()).isEqualTo(1_000_000_000_000L);
    }

    @Test
    void an_input_without_a_weight_counts_with_its_examples() {
        ShareReport.Input input = BINDER.fromJson("{\"examples\":12}", ShareReport.Input.class);

        assertThat(input.weight()).isEqualTo(12);
        assertThat(input.staleness()).isZero();
    }

    @Test
    void a_secret_is_not_printed() {
        assertThat(new Membership(id(1), "secret", 3, "key", 10).toString()).doesNotContain("secret");
        assertThat(new ShownToken("secret").toString()).doesNotContain("secret");
    }

    @Test
    void every_record_of_the_exchange_is_held_to_these_laws() {
        Set<Class<?>> all = new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("io.foedus.core.exchange")
                        .stream()
                        .filter(type -> type.isRecord() && type.isTopLevelClass())
                        .map(JavaClass::reflect)
                        .collect(Collectors.toSet());
        Set<Class<?>> said = records().map(Object::getClass).collect(Collectors.toSet());

        assertThat(said).containsAll(PREVIOUS.values());
        said.addAll(PARTS);
        assertThat(said).isEqualTo(all);
    }

    private static Record heard(String json, Class<? extends Record> type) {
        return BINDER.fromJson(json, type);
    }

    /** Every object with one member more, but those that hold whatever their sender likes. */
    private static Object surprising(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> more = new LinkedHashMap<>();
            map.forEach((name, member) -> more.put(
                    String.valueOf(name), FREE.contains(name) && member instanceof Map ? member : surprising(member)));
            more.put("surprise", Map.of("deep", List.of(1)));
            return more;
        }
        return value instanceof List<?> list
                ? list.stream().map(ExchangeLawsTest::surprising).toList()
                : value;
    }

    private static String previous(String name) {
        try (InputStream sample = ExchangeLawsTest.class.getResourceAsStream("previous/" + name + ".json")) {
            return new String(Objects.requireNonNull(sample, name).readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static UUID id(int number) {
        return new UUID(0x7000, 0x8000_0000_0000_0000L + number);
    }
}
