package io.foedus.agent.attendance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.controller.ControllerClient;
import io.foedus.agent.packages.PackageStore;
import io.foedus.agent.packages.PythonEnvironments;
import io.foedus.agent.state.StateDirectory;
import io.foedus.agent.training.ModelCache;
import io.foedus.agent.training.PackageTraining;
import io.foedus.agent.training.TaskBook;
import io.foedus.agent.training.Workbench;
import io.foedus.core.models.Digest;
import io.foedus.packages.UnpackLimits;
import io.foedus.protocol.v1.FromAgent;
import io.foedus.protocol.v1.ModelRef;
import io.foedus.protocol.v1.Task;
import io.foedus.protocol.v1.TaskCancelled;
import io.foedus.protocol.v1.TaskKind;
import io.foedus.protocol.v1.ToAgent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AgentTest {
    private static final String TRAIN =
            "cp $1 $2 && printf more >> $2 && echo '{\"num_examples\": 7, \"loss\": 0.5}' > $2-metadata && echo ran >> ";

    @TempDir
    Path folder;

    private final Map<String, CombinerDouble> combiners = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final byte[] model = new byte[20_500];
    private ControllerDouble controller;
    private CombinerDouble combiner;
    private StateDirectory state;
    private Agent agent;
    private Future<ExitCode> life;

    @BeforeEach
    void start() throws Exception {
        new Random(1).nextBytes(model);
        controller = new ControllerDouble();
        combiner = combiner("a");
        compute("train() { " + TRAIN + folder + "/runs; }; train");
        live();
        hear(FromAgent::hasHello);
    }

    @AfterEach
    void stop() throws Exception {
        agent.leave("the test is over");
        state.close();
        controller.stop();
        combiners.values().forEach(CombinerDouble::stop);
        threads.shutdownNow();
    }

    @Test
    void a_task_is_trained_uploaded_and_settled() throws Exception {
        Task task = task(TaskKind.TASK_KIND_TRAIN, Duration.ofSeconds(30));
        combiner.offer(task);

        assertThat(hear(FromAgent::hasAccepted).getAccepted().getTaskId()).isEqualTo(task.getTaskId());
        FromAgent result = hear(FromAgent::hasResult);
        assertThat(result.getResult().getExamples()).isEqualTo(7);
        assertThat(result.getResult().getMetricsMap()).containsEntry("loss", 0.5);
        byte[] update = combiner.uploaded(result.getResult().getDigest());
        assertThat(Digest.of(update).hex()).isEqualTo(result.getResult().getDigest());
        assertThat(update).hasSize(model.length + 4).startsWith(model);

        combiner.settle(task.getTaskId(), "ACCEPTED");
        eventually(() -> isEmpty(state.tasks()));
    }

    @Test
    void transfers_that_are_cut_go_on_at_the_byte() throws Exception {
        combiner.cuts.set(12);
        combiner.offer(task(TaskKind.TASK_KIND_TRAIN, Duration.ofSeconds(50)));
        hear(FromAgent::hasResult);

        assertThat(combiner.cuts.get()).isZero();
        assertThat(combiner.downloadedBytes.get()).isEqualTo(model.length);
        assertThat(combiner.uploadedBytes.get()).isEqualTo(model.length + 4);
    }

    @Test
    void a_validation_returns_its_metrics() throws Exception {
        combiner.offer(task(TaskKind.TASK_KIND_VALIDATE, Duration.ofSeconds(30)));

        FromAgent result = hear(FromAgent::hasResult);
        assertThat(result.getResult().getMetricsMap())
                .containsEntry("accuracy", 0.25)
                .doesNotContainKey("bad");
        assertThat(result.getResult().getDigest()).isEmpty();
    }

    @Test
    void a_broken_stream_is_replaced_and_the_result_offered_again_without_training() throws Exception {
        Task task = task(TaskKind.TASK_KIND_TRAIN, Duration.ofSeconds(50));
        combiner.offer(task);
        hear(FromAgent::hasResult);
        combiner.known = List.of(task.getTaskId());
        combiner.breakStream();

        assertThat(hear(FromAgent::hasHello).getHello().getHeldTasksList()).containsExactly(task.getTaskId());
        assertThat(hear(FromAgent::hasResult).getResult().getTaskId()).isEqualTo(task.getTaskId());
        assertThat(Files.readAllLines(folder.resolve("runs"))).hasSize(1);
    }

    @Test
    void after_a_restart_a_finished_result_answers_another_combiner_that_asks_for_the_same_work() throws Exception {
        Task task = task(TaskKind.TASK_KIND_TRAIN, Duration.ofSeconds(50));
        combiner.offer(task);
        hear(FromAgent::hasResult);
        agent.leave("restart");
        assertThat(life.get(10, TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
        assertThat(hear(FromAgent::hasGoodbye).getGoodbye().getReason()).isEqualTo("restart");
        state.close();

        combiner = combiner("b");
        controller.combiner = "b";
        live();
        hear(FromAgent::hasHello);
        String other = UUID.randomUUID().toString();
        combiner.models.put(task.getModel().getDigest(), model);
        combiner.offer(task.toBuilder().setTaskId(other).build());

        assertThat(hear(FromAgent::hasResult).getResult().getTaskId()).isEqualTo(other);
        assertThat(Files.readAllLines(folder.resolve("runs"))).hasSize(1);
    }

    @Test
    void work_goes_on_while_the_agent_moves_to_another_combiner() throws Exception {
        compute("train() { sleep 2; " + TRAIN + folder + "/runs; }; train");
        Task task = task(TaskKind.TASK_KIND_TRAIN, Duration.ofSeconds(50));
        combiner.offer(task);
        hear(FromAgent::hasAccepted);
        eventually(() -> agent.state() == AgentState.TRAINING);
        CombinerDouble first = combiner;
        combiner = combiner("b");
        controller.combiner = "b";
        first.say(ToAgent.newBuilder()
                .setReassign(io.foedus.protocol.v1.Reassign.newBuilder().setReason("drain"))
                .build());
        hear(FromAgent::hasHello);
        combiner.offer(task.toBuilder().setTaskId("moved").build());

        assertThat(hear(FromAgent::hasResult).getResult().getTaskId()).isEqualTo("moved");
        assertThat(Files.readAllLines(folder.resolve("runs"))).hasSize(1);
        assertThat(controller.placements.get(controller.placements.size() - 1)).contains("\"exclude\":[\"a\"]");
    }

    @Test
    void an_entry_point_that_fails_is_told_with_its_code_and_log() throws Exception {
        compute("echo no such file; exit 4; :");
        combiner.offer(task(TaskKind.TASK_KIND_TRAIN, Duration.ofSeconds(30)));

        FromAgent failure = hear(FromAgent::hasFailure);
        assertThat(failure.getFailure().getReason()).isEqualTo("ENTRY_POINT_FAILED");
        assertThat(failure.getFailure().getExitCode()).isEqualTo(4);
        assertThat(failure.getFailure().getLogTail()).contains("no such file");
    }

    @Test
    void no_output_missing_metadata_a_hang_and_an_unknown_package_are_told_apart() throws Exception {
        compute("true");
        combiner.offer(task(TaskKind.TASK_KIND_TRAIN, Duration.ofSeconds(30)));
        assertThat(hear(FromAgent::hasFailure).getFailure().getReason()).isEqualTo("NO_OUTPUT");

        compute("cp");
        combiner.offer(task(TaskKind.TASK_KIND_TRAIN, Duration.ofSeconds(30)));
        assertThat(hear(FromAgent::hasFailure).getFailure().getMessage()).contains("num_examples");

        compute("sleep 60; :");
        combiner.offer(task(TaskKind.TASK_KIND_TRAIN, Duration.ofSeconds(1)));
        assertThat(hear(FromAgent::hasFailure).getFailure().getReason()).isEqualTo("TIMEOUT");

        combiner.offer(task(TaskKind.TASK_KIND_TRAIN, Duration.ofSeconds(30)).toBuilder()
                .setPackageDigest("0".repeat(64))
                .build());
        assertThat(hear(FromAgent::hasFailure).getFailure().getReason()).isEqualTo("PACKAGE");
    }

    @Test
    void a_cancelled_task_ends_and_leaves_nothing() throws Exception {
        compute("sleep 60; :");
        Task task = task(TaskKind.TASK_KIND_TRAIN, Duration.ofSeconds(60));
        combiner.offer(task);
        eventually(() -> agent.state() == AgentState.TRAINING);
        combiner.say(ToAgent.newBuilder()
                .setCancelled(TaskCancelled.newBuilder().setTaskId(task.getTaskId()))
                .build());

        eventually(() -> isEmpty(state.tasks()));
        assertThat(agent.state()).isEqualTo(AgentState.ATTENDING);
    }

    @Test
    void a_task_that_is_offered_again_while_its_cancelled_run_still_ends_is_done() throws Exception {
        compute("train() { if mkdir " + folder + "/first; then trap '' TERM; sleep 60; fi 2>/dev/null; " + TRAIN
                + folder + "/runs; }; train");
        Task task = task(TaskKind.TASK_KIND_TRAIN, Duration.ofSeconds(60));
        combiner.offer(task);
        eventually(() -> Files.exists(folder.resolve("first")));
        combiner.say(ToAgent.newBuilder()
                .setCancelled(TaskCancelled.newBuilder().setTaskId(task.getTaskId()))
                .build());
        combiner.offer(task);

        assertThat(hear(FromAgent::hasResult).getResult().getTaskId()).isEqualTo(task.getTaskId());
    }

    @Test
    void a_controller_that_is_away_is_survived_by_dialling_the_last_combiner() throws Exception {
        controller.stop();
        combiner.breakStream();

        hear(FromAgent::hasHello);
        assertThat(life.isDone()).isFalse();
    }

    @Test
    void a_page_that_is_not_the_controllers_is_waited_out() throws Exception {
        controller.deployed = false;
        combiner.refuses = true;
        combiner.breakStream();
        eventually(() -> controller.pagesOfAnother.get() >= 3);
        assertThat(life.isDone()).isFalse();

        combiner.refuses = false;
        controller.deployed = true;
        hear(FromAgent::hasHello);
    }

    @Test
    void an_agent_that_starts_before_the_controller_is_deployed_joins_when_it_is() throws Exception {
        forget();
        controller.deployed = false;
        live();
        eventually(() -> controller.pagesOfAnother.get() >= 3);
        assertThat(life.isDone()).isFalse();

        controller.deployed = true;
        hear(FromAgent::hasHello);
    }

    @Test
    void a_join_whose_answer_was_lost_is_found_again_and_not_repeated() throws Exception {
        forget();
        controller.loseNextJoin = true;
        live();
        hear(FromAgent::hasHello);

        assertThat(state.identity().orElseThrow().clientId()).isEqualTo(controller.client);
        assertThat(state.identity().orElseThrow().agentToken()).isEqualTo(controller.agentToken);
    }

    @Test
    void an_agent_that_was_killed_before_it_wrote_its_identity_is_the_same_client_afterwards() throws Exception {
        forget();
        state = StateDirectory.open(folder.resolve("state"));
        controller.agentToken = state.ownToken();
        controller.clientExists = true;
        state.close();
        live();
        hear(FromAgent::hasHello);

        assertThat(state.identity().orElseThrow().clientId()).isEqualTo(controller.client);
        assertThat(state.hasTriedToJoin()).isFalse();
    }

    @Test
    void a_revoked_agent_ends_with_the_reason() {
        controller.revoked = true;
        combiner.breakStream();

        assertThatThrownBy(() -> life.get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(Failure.class)
                .hasMessageContaining("not valid any more");
    }

    /** Ends the agent and makes the controller and it strangers again. */
    private void forget() throws Exception {
        agent.leave("it is started anew");
        life.get(10, TimeUnit.SECONDS);
        state.close();
        Files.delete(folder.resolve("state/identity.json"));
        controller.clientExists = false;
        combiner.heard.clear();
    }

    private void live() throws Exception {
        state = StateDirectory.open(folder.resolve("state"));
        AgentSettings settings = new AgentSettings(
                controller.address(),
                "north",
                state.root(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                false,
                "python3",
                false,
                Duration.ofSeconds(10));
        Membership membership = new Membership(
                settings, state, new ControllerClient(controller.address(), null, Optional.empty()), () -> "fds_jt_x");
        PackageStore packages = new PackageStore(
                state.packages(),
                new PythonEnvironments(state.environments(), "python3", false),
                UnpackLimits.DEFAULT,
                Map.of());
        Clock clock = Clock.systemUTC();
        Workbench workbench = new Workbench(
                new ModelCache(state.models()), new PackageTraining(packages, membership::asAgent, Map.of()));
        agent = new Agent(
                settings,
                membership,
                packages,
                new TaskBook(state.tasks(), workbench),
                placement -> java.util.Objects.requireNonNull(combiners.get(placement.combinerId()))
                        .channel(),
                clock,
                () -> 0); // the shortest waits
        life = threads.submit(agent::run);
    }

    private CombinerDouble combiner(String name) throws Exception {
        CombinerDouble fresh = new CombinerDouble().start();
        combiners.put(name, fresh);
        return fresh;
    }

    private void compute(String train) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("client/fedn.yaml"));
            zip.write(("entry_points:\n  train:\n    command: |\n      " + train
                            + "\n  validate:\n    command: \"f() { echo '{\\\"accuracy\\\": 0.25, \\\"bad\\\": NaN}' > $2; }; f\"\n")
                    .getBytes(StandardCharsets.UTF_8));
        }
        controller.packageDigest = Digest.of(bytes.toByteArray()).hex();
        controller.blobs.put(controller.packageDigest, bytes.toByteArray());
    }

    private Task task(TaskKind kind, Duration deadline) {
        String digest = Digest.of(model).hex();
        combiner.models.put(digest, model);
        return Task.newBuilder()
                .setTaskId(UUID.randomUUID().toString())
                .setKind(kind)
                .setRoundId(UUID.randomUUID().toString())
                .setRoundNumber(3)
                .setModel(ModelRef.newBuilder()
                        .setDigest(digest)
                        .setSize(model.length)
                        .setFormat("npz"))
                .setPackageDigest(controller.packageDigest)
                .setSettingsJson("{\"epochs\": 2}")
                .setDeadlineMillis(deadline.toMillis())
                .build();
    }

    private FromAgent hear(Predicate<FromAgent> wanted) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        while (System.nanoTime() < deadline) {
            FromAgent message = combiner.heard.poll(200, TimeUnit.MILLISECONDS);
            if (message != null && wanted.test(message)) {
                return message;
            }
        }
        throw new AssertionError("the agent did not say it");
    }

    private static boolean isEmpty(Path folder) throws java.io.IOException {
        try (java.util.stream.Stream<Path> content = Files.list(folder)) {
            return content.findAny().isEmpty();
        }
    }

    private static void eventually(java.util.concurrent.Callable<Boolean> condition) {
        org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(15)).until(condition);
    }
}
