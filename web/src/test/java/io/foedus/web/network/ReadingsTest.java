package io.foedus.web.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.web.desk.Words;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReadingsTest {
    @Test
    void names_tell_units_and_whose_load_it_is() {
        Map<String, Object> telemetry = new LinkedHashMap<>();
        telemetry.put("cpuFraction", 0.5);
        telemetry.put("memoryBytes", 120_000_000L);
        telemetry.put("memory_fraction", 0.25);
        telemetry.put("processors", 2);
        telemetry.put("gpuFraction", 0.75);
        telemetry.put("diskBytes", 2_000_000L);
        telemetry.put("state", "TRAINING");

        assertThat(Readings.of(telemetry, new Words()))
                .containsExactly(
                        Map.entry("CPU of its machine", "50 %"),
                        Map.entry("Memory of its agent", "120 MB"),
                        Map.entry("Memory used at its machine", "25 %"),
                        Map.entry("Processors of its machine", "2"),
                        Map.entry("Gpu", "75 %"),
                        Map.entry("Disk", "2.0 MB"),
                        Map.entry("State", "Training"));
    }
}
