package io.foedus.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.foedus.core.json.Json;
import io.foedus.core.plan.InvalidPlanException.Breach;
import io.foedus.core.round.RoundMode;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PlanTest {
    private static Plan read(String json) {
        return Plan.read(Json.object(json).members());
    }

    private static List<Breach> breaches(String json) {
        return Objects.requireNonNull(catchThrowableOfType(InvalidPlanException.class, () -> read(json)), json)
                .breaches();
    }

    @Test
    void every_default_of_a_plan() {
        assertThat(Json.write(read("{}").toMap()))
                .isEqualTo(
                        "{\"rounds\":5,\"minClients\":1,\"targetClients\":0,\"overSelection\":1,\"minWaitSeconds\":600,"
                                + "\"deadlineSeconds\":600,\"mode\":\"SYNCHRONOUS\",\"bufferSize\":0,\"stalenessExponent\":0.5,"
                                + "\"maxStaleness\":10,\"selection\":{\"kind\":\"ALL\",\"labels\":{},\"seed\":0},"
                                + "\"validateEvery\":1,\"validateFraction\":1,\"aggregator\":\"mean\",\"optimizer\":\"plain\","
                                + "\"settings\":{},\"keepUpdates\":false,\"retries\":2}");
        assertThat(read("{\"stop\":{\"metric\":\"loss\"}}").stop())
                .contains(new Plan.Stop("loss", Plan.Goal.MAX, 5, 0));
        assertThat(read("{\"best\":{\"metric\":\"loss\"}}").best()).contains(new Plan.Best("loss", Plan.Goal.MAX));
    }

    @Test
    void what_is_null_says_nothing() {
        String nulls =
                Json.write(PlanKey.members("").collect(LinkedHashMap::new, (m, k) -> m.put(k, null), Map::putAll));
        assertThat(read(nulls)).isEqualTo(read("{}"));
    }

    @Test
    void defaults_that_follow_other_keys() {
        assertThat(read("{\"deadlineSeconds\":90}").minWaitSeconds()).isEqualTo(90);
        assertThat(read("{\"mode\":\"buffered\"}").aggregator()).isEqualTo("fedbuff:0.5");
        assertThat(read("{\"mode\":\"BUFFERED\",\"stalenessExponent\":2}").aggregator())
                .isEqualTo("fedbuff:2.0");
        assertThat(read("{\"mode\":\"BUFFERED\",\"aggregator\":\"fedbuff:1\"}").aggregator())
                .isEqualTo("fedbuff:1");
        assertThat(Plan.read(Map.of(), () -> 7).selection().seed()).isEqualTo(7);
        assertThat(Plan.read(Map.of("selection", Map.of("seed", 3)), () -> 7)
                        .selection()
                        .seed())
                .isEqualTo(3);
    }

    static Stream<PlanKey> keys() {
        return PlanKey.ALL.stream();
    }

    /** A plan with that value of that key, and what its rule needs beside. */
    private static Map<String, Object> with(PlanKey key, Object value) {
        String[] path = key.name().split("\\.", -1);
        if (path.length == 1) {
            return Map.of(key.name(), value);
        }
        Map<String, Object> member = new TreeMap<>();
        if (!path[0].equals("selection")) {
            member.put("metric", "loss");
        }
        member.put(path[1], value);
        return Map.of(path[0], member);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void a_value_of_the_wrong_type_is_a_breach_of_its_key(PlanKey key) {
        Object wrong = switch (key.type()) {
            case TEXT, CHOICE -> 5;
            case WHOLE -> "2.5";
            default -> "much";
        };
        assertThatThrownBy(() -> Plan.read(with(key, wrong)))
                .isInstanceOfSatisfying(
                        InvalidPlanException.class,
                        e -> assertThat(e.breaches()).anySatisfy(breach -> {
                            assertThat(breach.key()).isEqualTo(key.name());
                            assertThat(breach.sentence()).startsWith(key.name() + " must be ");
                        }));
    }

    static Stream<PlanKey> boundedKeys() {
        return keys().filter(key -> key.most() > key.least() && !key.equals(PlanKey.SELECTION_SEED));
    }

    @ParameterizedTest
    @MethodSource("boundedKeys")
    void a_number_is_taken_up_to_its_bounds_and_not_beyond(PlanKey key) {
        // the shortest wait is bounded by the deadline
        double most = key.equals(PlanKey.MIN_WAIT_SECONDS) ? 600 : key.most();
        boolean whole = key.type() == PlanKey.Type.WHOLE;
        assertThat(Plan.read(with(key, number(key.least(), whole)))).isNotNull();
        assertThat(Plan.read(with(key, number(most, whole)))).isNotNull();
        for (double beyond : most == Double.MAX_VALUE
                ? new double[] {-1}
                : new double[] {Math.min(-1, key.least() - 1), most + 1, 1e300}) {
            assertThatThrownBy(() -> Plan.read(with(key, number(beyond, whole))))
                    .as(key.name() + " " + beyond)
                    .isInstanceOfSatisfying(
                            InvalidPlanException.class,
                            e -> assertThat(e.breaches())
                                    .extracting(Breach::key)
                                    .contains(key.name()));
        }
    }

    private static Number number(double value, boolean whole) {
        return whole && value == (long) value ? (Number) (long) value : (Number) value;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'rounds':0}|rounds must be from 1 to 1000000, not 0",
                "{'rounds':2.5}|rounds must be a whole number, not 2.5",
                "{'rounds':'many'}|rounds must be a whole number, not 'many'",
                "{'rounds':1e300}|rounds must be from 1 to 1000000, not 1.0E300",
                "{'minClients':5,'targetClients':2}|targetClients must be from 5 to 1000000, not 2",
                "{'minClients':5,'bufferSize':2}|bufferSize must be from 5 to 1000000, not 2",
                "{'deadlineSeconds':0.5}|deadlineSeconds must be from 1 s to 2592000 s, not 0.5 s",
                "{'minWaitSeconds':601}|minWaitSeconds must be from 0 s to 600 s, not 601 s",
                "{'validateFraction':0}|validateFraction must be from above 0 to 1, not 0",
                "{'stalenessExponent':-1}|stalenessExponent must be from 0 to 100, not -1",
                "{'mode':'WARP'}|mode 'WARP' is none of SYNCHRONOUS, DEADLINE, BUFFERED",
                "{'mode':'BUFFERED','aggregator':'mean'}|aggregator: buffered mode folds updates of different ages and"
                        + " needs fedbuff, not mean",
                "{'mode':'BUFFERED','stalenessExponent':101}|stalenessExponent must be from 0 to 100, not 101",
                "{'aggregator':'krum:1'}|minClients must be at least 5 for the aggregator krum:1, not 1",
                "{'optimizer':'fedadam:{oops'}|optimizer: '{oops' is not a number; fedadam needs one for lr",
                "{'selection':{'kind':'ATTRIBUTE'}}|selection.labels must name at least one label for the kind"
                        + " ATTRIBUTE",
                "{'selection':{'seed':1.5}}|selection.seed must be a whole number of 64 bits, not 1.5",
                "{'selection':{'seed':'x'}}|selection.seed must be a whole number of 64 bits, not 'x'",
                "{'selection':[1]}|selection must be an object, not [1]",
                "{'selection':{'knd':'ALL'}}|selection.knd is not a session parameter; known are kind, labels, seed",
                "{'stop':{'patience':3}}|stop.metric must name a metric",
                "{'stop':{'metric':'loss','patience':0}}|stop.patience must be at least 1, not 0",
                "{'stop':{'metric':'loss','minDelta':-1}}|stop.minDelta must be at least 0, not -1",
                "{'stop':{'metric':'loss','goal':'SIDEWAYS'}}|stop.goal 'SIDEWAYS' is none of MAX, MIN",
                "{'best':{'metric':' '}}|best.metric must name a metric",
                "{'best':{'metric':'loss'},'validateEvery':0}|validateEvery must not be 0 when a stop rule or a"
                        + " best-model rule needs metrics",
                "{'keepUpdates':'yes'}|keepUpdates must be true or false, not 'yes'",
                "{'settings':[1]}|settings must be an object, not [1]",
                "{'retries':101}|retries must be from 0 to 100, not 101"
            })
    void each_breach_says_its_key_and_what_would_do(String json, String sentence) {
        assertThat(breaches(json.replace('\'', '"').replace("\"{oops\"", "'{oops'")))
                .extracting(Breach::sentence)
                .containsExactly(sentence);
    }

    @Test
    void a_key_that_does_not_exist_is_a_breach() {
        assertThat(breaches("{\"ronds\":3}")).singleElement().satisfies(breach -> {
            assertThat(breach.key()).isEqualTo("ronds");
            assertThat(breach.sentence()).startsWith("ronds is not a session parameter; known are rounds, minClients,");
        });
    }

    @Test
    void all_breaches_are_told_at_once() {
        assertThat(breaches("{\"ronds\":3,\"minWaitSeconds\":\"soon\",\"rounds\":true,\"retries\":-1,"
                        + "\"stop\":{\"metric\":\"loss\",\"patience\":0,\"minDelta\":-1},\"mode\":\"WARP\","
                        + "\"aggregator\":\"meen\"}"))
                .extracting(Breach::key)
                .containsExactlyInAnyOrder(
                        "ronds",
                        "minWaitSeconds",
                        "rounds",
                        "retries",
                        "stop.patience",
                        "stop.minDelta",
                        "mode",
                        "aggregator");
    }

    @Test
    void a_number_that_nobody_can_write_is_no_setting() {
        assertThatThrownBy(() -> Plan.read(Map.of("settings", Map.of("a", List.of(new BigDecimal("1e400"))))))
                .hasMessageContaining("settings must be made of numbers that are finite");
    }

    @Test
    void what_one_has_read_and_written_is_the_same_for_any_plan() {
        for (int seed = 0; seed < 2_000; seed++) {
            Plan plan = random(new Random(seed));
            assertThat(Plan.read(plan.toMap())).as("seed %d", seed).isEqualTo(plan);
            Plan text = Plan.read(Json.object(Json.write(plan.toMap())).members());
            assertThat(text).as("as JSON, seed %d", seed).isEqualTo(plan);
            assertThat(Json.canonical(text.toMap())).isEqualTo(Json.canonical(plan.toMap()));
            assertThat(plan.with(Map.of())).isEqualTo(plan);
        }
    }

    private static Plan random(Random random) {
        RoundMode mode = List.of(RoundMode.values()).get(random.nextInt(3));
        int least = 1 + random.nextInt(20);
        double deadline = 1 + random.nextInt(1_000_000) / 1000.0;
        boolean judged = random.nextBoolean();
        Map<String, @Nullable Object> settings = new TreeMap<>();
        settings.put("epochs", (long) random.nextInt());
        settings.put("rate", random.nextInt(1000) + 0.5);
        settings.put("deep", Map.of("list", Arrays.asList(1L, 0.25, "\u00e9\n", true, null)));
        settings.put("nothing", null);
        return new Plan(
                1 + random.nextInt(1_000_000),
                least,
                random.nextBoolean() ? 0 : least + random.nextInt(100),
                1 + random.nextDouble() * 9,
                random.nextInt((int) (deadline * 1000) + 1) / 1000.0,
                deadline,
                mode,
                random.nextBoolean() ? 0 : least + random.nextInt(100),
                random.nextDouble() * 100,
                random.nextInt(100),
                new Plan.Selection(
                        List.of(Plan.Kind.values()).get(random.nextInt(3)),
                        Map.of("site", "s" + random.nextInt()),
                        random.nextLong() / 1000),
                judged ? 1 + random.nextInt(9) : random.nextInt(9),
                1 - random.nextDouble(),
                mode == RoundMode.BUFFERED ? "fedbuff:0.25" : "mean",
                "fedadam:lr=0.01",
                settings,
                judged
                        ? Optional.of(new Plan.Stop(
                                "m", Plan.Goal.MIN, 1 + random.nextInt(Integer.MAX_VALUE), random.nextDouble()))
                        : Optional.empty(),
                judged && random.nextBoolean() ? Optional.of(new Plan.Best("m", Plan.Goal.MAX)) : Optional.empty(),
                random.nextBoolean(),
                random.nextInt(101));
    }

    @Test
    void a_seed_keeps_its_64_bits() {
        for (long seed : new long[] {Long.MIN_VALUE, Long.MAX_VALUE, -1, 0}) {
            Plan plan = Plan.read(Map.of("selection", Map.of("seed", seed)));
            assertThat(Plan.read(plan.toMap())).isEqualTo(plan);
            assertThat(plan.selection().seed()).isEqualTo(seed);
        }
        assertThat(read("{\"selection\":{\"seed\":\"9223372036854775807\"}}")
                        .selection()
                        .seed())
                .isEqualTo(Long.MAX_VALUE);
    }

    /** What the version before wrote into the database, the strangest that it accepted among them. */
    @Test
    void plans_that_an_older_version_stored_are_read_and_kept() throws IOException {
        List<Plan> stored = new ArrayList<>();
        for (String line : resource("stored-plans.jsonl").lines().toList()) {
            Map<String, @Nullable Object> members = Json.object(line).members();
            Plan plan = Plan.stored(members);
            stored.add(plan);
            if (!line.contains("0.9999")) {
                assertThat(new String(Json.canonical(plan.toMap()), StandardCharsets.UTF_8))
                        .isEqualTo(new String(Json.canonical(members), StandardCharsets.UTF_8));
            }
        }
        assertThat(stored).hasSize(4);
        assertThat(stored.get(1).stop()).contains(new Plan.Stop("accuracy", Plan.Goal.MAX, 3, 0.001));
        assertThat(stored.get(2).selection().labels()).containsEntry("scanner", "b");
        assertThat(stored.get(3).stalenessExponent()).isEqualTo(-3);
        assertThat(stored.get(3).selection().seed()).isEqualTo(9007199254740993L);
        assertThat(stored.get(3).with(Map.of("rounds", 9)).rounds()).isEqualTo(9);
    }

    @Test
    void members_that_another_version_stored_are_passed_over() {
        assertThat(Plan.stored(Map.of("rounds", 3, "tomorrow", 1, "selection", Map.of("odd", true)))
                        .rounds())
                .isEqualTo(3);
    }

    @Test
    void a_plan_says_whom_to_ask_and_when_to_close() {
        Plan plan = read("{\"minClients\":3,\"targetClients\":8,\"overSelection\":1.3,\"minWaitSeconds\":5,"
                + "\"deadlineSeconds\":120,\"validateEvery\":2,\"rounds\":5,\"validateFraction\":0.25}");
        assertThat(plan.clientsToAsk(100)).isEqualTo(11);
        assertThat(plan.clientsToAsk(4)).isEqualTo(4);
        assertThat(read("{}").clientsToAsk(2_000_000)).isEqualTo(2_000_000);
        assertThat(read("{\"mode\":\"BUFFERED\",\"targetClients\":3,\"bufferSize\":5}")
                        .clientsToAsk(9))
                .isEqualTo(5);
        assertThat(plan.policy().minUpdates()).isEqualTo(3);
        assertThat(plan.policy().targetUpdates()).isEqualTo(8);
        assertThat(plan.policy().minWait()).isEqualTo(Duration.ofSeconds(5));
        assertThat(plan.policy().maxWait()).isEqualTo(Duration.ofMinutes(2));
        assertThat(read("{\"mode\":\"BUFFERED\",\"minClients\":2}").policy().targetUpdates())
                .isEqualTo(2);
        assertThat(read("{\"mode\":\"DEADLINE\",\"targetClients\":2}").policy().targetUpdates())
                .isEqualTo(Integer.MAX_VALUE);
        assertThat(Stream.of(1, 2, 3, 4, 5).filter(plan::validates)).containsExactly(2, 4, 5);
        assertThat(plan.validators(10)).isEqualTo(3);
        assertThat(plan.validators(1)).isEqualTo(1);
        assertThat(plan.validators(0)).isZero();
    }

    @Test
    void a_stop_rule_waits_out_its_patience() {
        Plan.Stop rule = new Plan.Stop("accuracy", Plan.Goal.MAX, 2, 0.01);
        assertThat(rule.after(List.of(0.5, 0.6, 0.7))).isFalse();
        assertThat(rule.after(List.of(0.5, 0.6, 0.605))).isFalse();
        assertThat(rule.after(List.of(0.5, 0.6, 0.605, 0.609))).isTrue();
        assertThat(rule.after(List.of(0.5, 0.6, Double.NaN, 0.7))).isFalse();
        assertThat(new Plan.Stop("loss", Plan.Goal.MIN, 1, 0).after(List.of(1.0, 0.9, 0.9)))
                .isTrue();
    }

    @Test
    void the_best_model_is_the_first_of_the_best() {
        assertThat(new Plan.Best("accuracy", Plan.Goal.MAX).of(List.of(0.1, 0.9, 0.9, Double.NaN)))
                .hasValue(1);
        assertThat(new Plan.Best("loss", Plan.Goal.MIN).of(List.of(3.0, 2.0, 5.0)))
                .hasValue(1);
        assertThat(new Plan.Best("loss", Plan.Goal.MIN).of(List.of(Double.NaN))).isEmpty();
        assertThat(read("{\"stop\":{\"metric\":\"loss\",\"goal\":\"min\"}}").comparison())
                .contains(new Plan.Best("loss", Plan.Goal.MIN));
    }

    @Test
    void the_documentation_has_the_table_of_keys() throws IOException {
        List<String> table = PlanKey.ALL.stream().map(PlanTest::row).toList();
        assertThat(Files.readString(Path.of("..", "docs", "api.md"))).contains(String.join("\n", table));
    }

    private static String row(PlanKey key) {
        return "| `" + key.name() + "` | " + key.preset() + " | " + key.bounds() + " | " + key.sentence() + " |";
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(PlanTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
