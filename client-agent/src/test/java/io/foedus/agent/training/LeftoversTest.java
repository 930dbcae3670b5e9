package io.foedus.agent.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.agent.processes.Cancellation;
import io.foedus.core.models.Digest;
import io.foedus.protocol.v1.FromAgent;
import io.foedus.protocol.v1.ModelRef;
import io.foedus.protocol.v1.Task;
import io.foedus.protocol.v1.TaskProgress;
import io.foedus.protocol.v1.TaskResult;
import io.foedus.protocol.v1.Timings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an agent finds on disk when it starts again, perhaps after the machine itself had crashed. */
class LeftoversTest {
    private static final Task TASK = Task.newBuilder()
            .setTaskId("t1")
            .setModel(ModelRef.newBuilder().setFormat("npz"))
            .build();

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(longs = {5, 5000})
    void a_finished_result_is_there_again_whether_it_was_forced_or_not(long runMillis) throws IOException {
        HeldTask held = finished(runMillis);

        HeldTask again = HeldTask.load(held.folder(), 0).orElseThrow();
        assertThat(again.outcome()).isEqualTo(held.outcome());
        assertThat(again.isWanted()).isFalse();
    }

    @Test
    void a_result_whose_update_was_torn_is_not_offered() throws IOException {
        HeldTask held = finished(5);
        Files.writeString(held.update(), "wei\0\0\0\0");

        assertThat(HeldTask.load(held.folder(), 0)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"task.pb", "outcome.pb"})
    void a_file_that_the_machine_tore_is_not_there_and_the_agent_starts(String torn) throws IOException {
        for (int kept : new int[] {0, 1, 40, -1}) {
            HeldTask held = finished(5);
            Path file = held.folder().resolve(torn);
            byte[] whole = Files.readAllBytes(file);
            byte[] rest = Arrays.copyOf(whole, kept < 0 ? whole.length - 1 : kept);
            Files.write(file, kept == 40 ? new byte[whole.length] : rest);

            TaskBook book = new TaskBook(folder, new Workbench(new ModelCache(folder), new Idle()));

            assertThat(book.heldTasks()).isEmpty();
            assertThat(held.folder()).doesNotExist();
        }
    }

    @Test
    void a_task_that_is_offered_again_while_its_cancelled_run_ends_has_a_folder_of_its_own() throws IOException {
        HeldTask cancelled = HeldTask.take(folder, TASK, 0);
        HeldTask again = HeldTask.take(folder, TASK, 0);

        assertThat(again.folder()).isNotEqualTo(cancelled.folder());
    }

    @Test
    void a_full_disk_is_told_as_what_it_is() {
        IOException full = new IOException(
                "writing", new java.nio.file.FileSystemException("/data/out.npz", null, "No space left on device"));

        assertThat(TaskTrouble.of("the agent failed", full).reason()).isEqualTo(TaskTrouble.Reason.DISK_FULL);
        assertThat(TaskTrouble.of("the agent failed", new IOException("Stale file handle"))
                        .reason())
                .isEqualTo(TaskTrouble.Reason.INTERNAL);
    }

    @Test
    void work_that_was_not_finished_is_not_offered() throws IOException {
        HeldTask held = HeldTask.take(folder, TASK, 0);

        assertThat(HeldTask.load(held.folder(), 0)).isEmpty();
    }

    @Test
    void a_model_that_an_earlier_run_left_is_used_only_if_it_is_whole() throws IOException {
        String digest = Digest.of("weights".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .hex();
        Path place = new ModelCache(folder).place(digest);
        Files.writeString(place, "weights");
        assertThat(new ModelCache(folder).has(digest)).isTrue();

        Files.writeString(place, "wei\0\0\0\0");
        assertThat(new ModelCache(folder).has(digest)).isFalse();
        assertThat(place).doesNotExist();
    }

    @Test
    void the_models_used_last_are_kept_also_when_the_clock_was_set_back() throws IOException {
        ModelCache models = new ModelCache(folder);
        String[] digests = new String[4];
        for (int i = 0; i < digests.length; i++) {
            byte[] weights = {(byte) i};
            digests[i] = Digest.of(weights).hex();
            Files.write(models.place(digests[i]), weights);
            FileTime ofAClockSetBack = FileTime.fromMillis(1_000_000 - i);
            Files.setLastModifiedTime(models.place(digests[i]), ofAClockSetBack);
            models.arrived(digests[i]);
            assertThat(models.has(digests[0])).isTrue();
            models.trim();
            assertThat(models.has(digests[i])).isTrue();
        }

        assertThat(models.place(digests[0])).exists();
        assertThat(models.place(digests[1])).doesNotExist();
        assertThat(models.place(digests[2])).doesNotExist();
    }

    private HeldTask finished(long runMillis) throws IOException {
        HeldTask held = HeldTask.take(folder, TASK, 0);
        Files.writeString(held.update(), "weights");
        held.finish(FromAgent.newBuilder()
                .setResult(TaskResult.newBuilder()
                        .setExamples(3)
                        .setDigest(Digest.of(held.update()).hex())
                        .setSize(7)
                        .setTimings(Timings.newBuilder().setRunMillis(runMillis)))
                .build());
        return held;
    }

    /** Nobody asks it for anything. */
    private static final class Idle implements Training {
        @Override
        public void prepare(Task task, Cancellation cancellation, Supplier<Duration> left) {
            throw new IllegalStateException("nothing was offered");
        }

        @Override
        public TaskResult run(
                Work work, Timings.Builder timings, Cancellation cancellation, Consumer<TaskProgress> progress) {
            throw new IllegalStateException("nothing was offered");
        }
    }
}
