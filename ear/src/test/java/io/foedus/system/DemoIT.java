package io.foedus.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.agent.console.Json;
import io.foedus.federation.CommandLine;
import io.foedus.launcher.processes.Ports;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first command of the README, from nothing to a trained model. */
class DemoIT {
    @Test
    void the_demo_trains_a_good_model_on_two_combiners_and_leaves_no_process(@TempDir Path data) throws IOException {
        String[] line = {
            "demo",
            "--rounds",
            "10",
            "--combiners",
            "2",
            "--once",
            "--json",
            "--data",
            data.toString(),
            "--port",
            String.valueOf(Ports.anyFree())
        };
        CommandLine.Answer answer = CommandLine.foedus(Map.of(), line);

        assertThat(answer.exitCode()).as(answer.err()).isZero();
        JsonNode summary = Json.read(answer.out());
        assertThat(summary.path("rounds").asInt()).isEqualTo(10);
        assertThat(summary.path("agents").asInt()).isEqualTo(3);
        assertThat(summary.path("updates").asInt()).isEqualTo(30);
        assertThat(summary.path("seconds").asDouble()).isPositive();
        assertThat(summary.path("accuracy")).hasSize(10);
        assertThat(summary.path("accuracy").get(9).asDouble()).isGreaterThanOrEqualTo(0.90);
        assertThat(summary.path("models")).hasSize(10).doesNotHaveDuplicates();
        assertThat(answer.err()).contains("round 1/10", "round 10/10");
        assertThat(ProcessHandle.allProcesses().flatMap(process -> process.info().commandLine().stream()))
                .noneMatch(command -> command.contains(data.toString()));
    }
}
