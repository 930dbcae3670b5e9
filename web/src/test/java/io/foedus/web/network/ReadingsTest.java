package io.foedus.web.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.web.desk.Words;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReadingsTest {
    @Test
    void names_tell_units() {
        Map<String, Object> telemetry = new LinkedHashMap<>();
        telemetry.put("cpuFraction", 0.5);
        telemetry.put("memoryBytes", 120_000_000L);
        telemetry.put("memory_fraction", 0.25);
        telemetry.put("processors", 2);
        telemetry.put("state", "TRAINING");

        assertThat(Readings.of(telemetry, new Words()))
                .containsExactly(
                        Map.entry("CPU", "50 %"),
                        Map.entry("Memory", "120 MB"),
                        Map.entry("Memory share", "25 %"),
                        Map.entry("Processors", "2"),
                        Map.entry("State", "Training"));
    }
}
