package io.foedus.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.agent.console.Json;
import io.foedus.core.models.Digest;
import io.foedus.federation.Alliance;
import io.foedus.federation.Federation;
import io.foedus.federation.Full;
import io.foedus.federation.InstantPackage;
import io.foedus.federation.SessionRun;
import io.foedus.federation.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * A model of 1 GiB through a whole round with five agents. The heaps are the launcher's: controller and combiner 384
 * MB, agents 96 MB each.
 */
@Full
class BigModelIT {
    private static final int AGENTS = 5;
    private static final long MEBIBYTES = 1024;

    @Test
    void a_model_of_1_GiB_takes_part_in_a_round_in_small_heaps() throws IOException {
        try (Federation federation = Federation.named("big").start()) {
            Alliance alliance = federation.alliance("big");
            alliance.uploadPackage(InstantPackage.archive(alliance.files().resolve("instant.zip")));
            Path seed = BigModels.write(alliance.files().resolve("seed.npz"), MEBIBYTES, 1);
            long begun = System.nanoTime();
            alliance.uploadSeed(seed);
            double seeded = seconds(begun);
            List<Site> sites = new ArrayList<>();
            for (int i = 1; i <= AGENTS; i++) {
                sites.add(alliance.site("agent-" + i).examples(i).start());
            }
            begun = System.nanoTime();
            SessionRun session = alliance.start(Json.object()
                    .put("rounds", 1)
                    .put("minClients", AGENTS)
                    .put("validateEvery", 0)
                    .put("deadlineSeconds", 1200));
            JsonNode ended = session.awaitThat(
                    Duration.ofMinutes(20),
                    "has ended",
                    seen -> !seen.path("finishedAt").asText("").isEmpty());
            double trained = seconds(begun);

            System.out.printf(
                    Locale.ROOT,
                    "  1 GiB with %d agents: seed stored in %.1f s, round in %.1f s; peak resident MB: controller %d,"
                            + " combiner %d, agents at most %d%n",
                    AGENTS,
                    seeded,
                    trained,
                    peak(federation, federation.controller().name()),
                    peak(federation, federation.combiner().name()),
                    sites.stream()
                            .mapToLong(site -> peak(federation, site.process()))
                            .max()
                            .orElse(0));
            System.out.println("  " + session.round(1).path("shares"));
            assertThat(ended.path("state").asText()).as(session.describe()).isEqualTo("FINISHED");
            // every agent returns the model as it came, so the mean of all is the model itself
            assertThat(alliance.model(ended.path("model").asText())
                            .path("digest")
                            .asText())
                    .isEqualTo(Digest.of(seed).hex());
            assertThat(peak(federation, federation.controller().name())).isLessThan(1024);
            assertThat(peak(federation, federation.combiner().name())).isLessThan(1024);
        }
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    /** The most memory that a program ever had resident, in MB. */
    private static long peak(Federation federation, String program) {
        try {
            String pid = Files.readString(federation.home().resolve("logs").resolve(program + ".pid"))
                    .strip();
            return Files.readAllLines(Path.of("/proc", pid, "status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1000)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
