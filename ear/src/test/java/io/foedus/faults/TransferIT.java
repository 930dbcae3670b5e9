package io.foedus.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.console.Json;
import io.foedus.core.models.Digest;
import io.foedus.faults.Wire.Way;
import io.foedus.federation.Alliance;
import io.foedus.federation.Full;
import io.foedus.federation.InstantPackage;
import io.foedus.federation.SessionRun;
import io.foedus.federation.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Transfers between a real agent and a real combiner over a line that breaks again and again. */
@ExtendWith({SharedStage.class, Scored.class})
class TransferIT {
    private static final int CUTS = 20;
    private static final double OVERHEAD = 1.05;
    private static final long MEBIBYTES = 256;
    private static final Duration MOST = Duration.ofMinutes(2);

    private final Stage stage;

    TransferIT(Stage stage) {
        this.stage = stage;
    }

    @Test
    @Full
    void an_upload_cut_20_times_sends_hardly_more_than_once() throws IOException {
        Alliance alliance = stage.federation().alliance("cuts");
        alliance.uploadPackage(InstantPackage.archive(alliance.files().resolve("instant.zip")));
        alliance.uploadSeed(BigModels.write(alliance.files().resolve("seed.npz"), MEBIBYTES, 0));
        Site site = alliance.site("agent").hold().start();
        Path update = BigModels.write(site.data().resolve("update.npz"), MEBIBYTES, 1);
        SessionRun session = alliance.start(plan());
        await("the agent to train").atMost(MOST).until(() -> !site.calls().isEmpty());

        Wire wire = stage.agentsToCombiner();
        long size = Files.size(update);
        long before = wire.bytes(Way.UP);
        Wire.Stop stop = wire.stopAt(Way.UP, "", size / (CUTS + 1));
        site.release();
        for (int i = 1; i <= CUTS; i++) {
            Wire.Line line = stop.await();
            Wire.Stop next = wire.stopAt(Way.UP, "", i < CUTS ? size / (CUTS + 1) : Long.MAX_VALUE);
            line.reset();
            stop.release();
            stop = next;
        }
        session.awaitFinish();
        stop.release();

        long sent = wire.bytes(Way.UP) - before;
        System.out.printf(
                Locale.ROOT,
                "  an upload of %d bytes, cut %d times: %d bytes sent, %.4f times its size%n",
                size,
                CUTS,
                sent,
                sent / (double) size);
        assertThat(sent).isBetween(size, (long) (OVERHEAD * size));
        assertThat(stage.federation()
                        .sql(
                                "SELECT u.digest, u.size, u.fate FROM model_update u JOIN round r ON r.id = u.round_id WHERE"
                                        + " r.session_id = ?::uuid",
                                session.id()))
                .containsExactly(Map.of("digest", Digest.of(update).hex(), "size", size, "fate", "ACCEPTED"));
        site.agent().stop();
    }

    private static ObjectNode plan() {
        return Json.object()
                .put("rounds", 1)
                .put("minClients", 1)
                .put("validateEvery", 0)
                .put("deadlineSeconds", 120)
                .put("keepUpdates", true);
    }
}
